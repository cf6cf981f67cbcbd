import type { Cluster } from '../../../cluster/cluster.ts';
import { of, type Desired, type Known } from '../../resource.ts';
import type { Kind, Specs } from '../specs.ts';

/** A resource of one of OpenStack's kinds. */
export type OpenstackResource = { [K in Kind]: Desired<Specs[K]> & { readonly kind: K } }[Kind];

/** What the cloud has already and the blueprint names, by name or id; keys that no resource of the cluster has. */
export const given = {
  image: (name: string) => `given-image/${name}`,
  flavor: (name: string) => `given-flavor/${name}`,
  network: (name: string) => `given-network/${name}`,
  subnet: (name: string) => `given-subnet/${name}`,
  keyPair: (name: string) => `given-key-pair/${name}`,
  router: (name: string) => `given-router/${name}`,
};

/** A resource with the defaults of most. */
export function resource<K extends Kind>(
  kind: K,
  name: string,
  spec: Specs[K],
  more: { readonly cloudName: string; readonly after?: readonly string[]; readonly node?: string },
): Desired<Specs[K]> & { readonly kind: K } {
  return { key: `${kind}/${name}`, kind, name: more.cloudName, spec, after: more.after ?? [], node: more.node };
}

/** The network of the nodes, made or given. */
export function nodeNetwork({ openstack }: Cluster): Known {
  return openstack?.network === undefined ? of('network/nodes') : of(given.network(openstack.network));
}

/** The subnet of a family, made or given. */
export function nodeSubnet({ openstack, network }: Cluster, family: 'ipv4' | 'ipv6'): Known {
  const index = network.nodes.findIndex((one) => one.family === family);
  const name = openstack?.subnets?.[index];
  return name === undefined ? of(`subnet/${family}`) : of(given.subnet(name));
}

/** A machine fetches programs as soon as it runs: the way out is there before it. */
export function outward({ network, openstack }: Cluster): string[] {
  const made = openstack?.subnets === undefined && openstack?.externalNetwork !== undefined;
  return made ? network.nodes.map(({ family }) => `router-interface/${family}`) : [];
}
