import type { Key } from '../resource.ts';

/**
 * Whose a resource is, and which of them: the mark is part of the very call that makes it, so that nothing is ever without an owner.
 *
 * kind                                              where it is
 * Neutron's and Octavia's                           description
 * Octavia's members and health monitors             a tag
 * servers, volumes                                  metadata
 * server groups, application credentials            the name
 * key pairs                                         the name, in the fewer characters that it may have
 */
export function markOf(cluster: string, key: Key): string {
  return `${prefixOf(cluster)}${key}`;
}

/** The key in a mark of this cluster; undefined in any other text. */
export function keyIn(cluster: string, text: string | null | undefined): Key | undefined {
  const prefix = prefixOf(cluster);
  return text?.startsWith(prefix) === true ? text.slice(prefix.length) : undefined;
}

/** The same as metadata: a server has a description of its own, and a volume is found by metadata alone. */
export function marksOf(cluster: string, key: Key): Record<string, string> {
  return { 'triskel-cluster': cluster, 'triskel-resource': key };
}

/** The key in the metadata of a resource of this cluster. */
export function keyInMetadata(cluster: string, metadata: Readonly<Record<string, string>>): Key | undefined {
  return metadata['triskel-cluster'] === cluster ? metadata['triskel-resource'] : undefined;
}

/** Letters, digits, spaces, `-` and `_` alone (Nova API, "Create or import keypair", before 2.92); a cluster's name has no `_`. */
export function keyPairName(cluster: string, key: Key): string {
  return `${keyPairPrefix(cluster)}${key.slice('key-pair/'.length)}`;
}

/** The key of a key pair of this cluster. */
export function keyOfKeyPair(cluster: string, name: string): Key | undefined {
  const prefix = keyPairPrefix(cluster);
  return name.startsWith(prefix) ? `key-pair/${name.slice(prefix.length)}` : undefined;
}

/** In a server's metadata: the sha256 of the user data that it was made with. */
export const USER_DATA_MARK = 'triskel-user-data';

function keyPairPrefix(cluster: string): string {
  return `triskel_${cluster}_`;
}

function prefixOf(cluster: string): string {
  return `triskel/1 ${cluster} `;
}
