import { parseDocument } from 'yaml';
import { toYaml } from '../base/yaml.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Changes } from './changes.ts';

/** The label by which cloud-init finds the volume (cloud-init docs, "NoCloud", source 1: labeled filesystem). */
export const NOCLOUD_LABEL = 'cidata';

/**
 * The volume's files. The instance id is the node's name in its cluster: a payload that changes does not run again on a
 * machine that has run one, and a machine with an empty disk runs it for the first time.
 */
export function nocloudFiles(
  { name: cluster }: Cluster,
  { name }: ClusterNode,
  userData: Uint8Array,
  networkConfig: string | undefined,
): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['meta-data', toYaml({ 'instance-id': `${cluster}-${name}`, 'local-hostname': name })],
    ['user-data', userData],
    ...(networkConfig === undefined ? [] : [['network-config', networkConfig] as const]),
  ]);
}

/** Volumes of payloads that are no longer what they were: nobody may attach them by mistake. */
export function withoutStaleIsos(changes: Changes, wanted: ReadonlyMap<string, unknown>): Changes {
  const written = new Set([...changes.missing, ...changes.changed]);
  const isStale = (path: string): boolean => {
    const payload = path.replace(/\.iso$/, '.user-data');
    return payload !== path && (!wanted.has(payload) || written.has(payload));
  };
  return {
    ...changes,
    remove: [...changes.remove, ...changes.unknown.filter(isStale)],
    unknown: changes.unknown.filter((path) => !isStale(path)),
  };
}

/** What can be seen from here: it is YAML, and one of the two versions that cloud-init reads (cloud-init docs, "Network configuration"). */
export function checkNetworkConfig(file: string, text: string): Diagnostic[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  const refuse = (why: string): Diagnostic[] => [
    diagnostic('output/no-network-config', `${file}: ${why}`, [{ file, ...(error ? { range: error.pos } : {}) }]),
  ];
  if (error !== undefined) return refuse(error.message.split('\n')[0] ?? '');
  const top: unknown = document.toJS();
  const inner = isMap(top) && isMap(top['network']) ? top['network'] : top;
  return isMap(inner) && (inner['version'] === 1 || inner['version'] === 2) ? [] : refuse('there is no `version: 2`');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
