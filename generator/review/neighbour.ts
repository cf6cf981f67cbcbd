import type { Network } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { addressKey } from '../cluster/duplicates.ts';
import type { VirtualIp } from '../cluster/endpoint.ts';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';

/** What clusters that lie beside each other could both claim. Paths are of the blueprint that claims. */
export interface Claims {
  readonly name: string;
  readonly network: Pick<Cluster['network'], 'nodes' | 'pods' | 'services'>;
  /** By address: a node's own, and virtual ones. */
  readonly addresses: ReadonlyMap<string, Claim>;
  readonly virtualIps: readonly VirtualIp[];
  /** True where the cloud makes a network for this cluster alone: no other can be on it. */
  readonly ownNetwork: boolean;
}

/** One address, and who has it: "master0", "the virtual IP". */
export interface Claim {
  readonly what: string;
  readonly path: Path;
}

/** Another blueprint of the folder, read as far as clusters can be in each other's way. */
export interface Neighbour {
  /** As the user would name it. */
  readonly file: string;
  readonly claims: Claims;
  /** A place of that blueprint, to be shown with the finding. */
  readonly place: (path: Path, note: string) => Place;
}

/** The other blueprints of a folder. */
export interface Neighbours {
  readonly all: readonly Neighbour[];
  /** What is to be said of those that were not compared. */
  readonly unread: readonly Diagnostic[];
  /** The texts that places of neighbours lie in. */
  readonly textOf: (file: string) => string | undefined;
}

/** What a cluster claims on the network that its nodes are on. */
export function claimsOf({ name, network, nodes, endpoint, virtualIps, openstack }: Cluster): Claims {
  const addresses = new Map<string, Claim>();
  for (const node of nodes)
    for (const { text } of node.addresses) addresses.set(text, { what: node.name, path: addressKey(node) });
  for (const { addresses: moving, origin } of virtualIps)
    for (const { text } of moving) addresses.set(text, { what: 'the virtual IP', path: origin });
  if (endpoint.type === 'openstack-load-balancer')
    addresses.set(endpoint.internal.host, { what: 'the load balancer', path: ['endpoint', 'internal'] });
  return {
    name,
    network,
    addresses,
    virtualIps,
    ownNetwork: openstack !== undefined && openstack.network === undefined,
  };
}

/** True where machines of the two may be on one network, for all that blueprints tell. */
export function mayMeet(one: Claims, other: Claims): boolean {
  return !one.ownNetwork && !other.ownNetwork;
}

/** Pairs of networks, one of each side, for which `test` holds. */
export function pairs(
  ones: readonly Network[],
  others: readonly Network[],
  test: (one: Network, other: Network) => boolean,
): (readonly [Network, Network])[] {
  return ones.flatMap((one) => others.filter((other) => test(one, other)).map((other) => [one, other] as const));
}

/** Virtual IPs of the two that VRRP moves under one virtual router ID, of one family. */
export function sameRouterIds(own: Claims, other: Claims): { readonly mine: VirtualIp; readonly theirs: VirtualIp }[] {
  return own.virtualIps.flatMap((mine) =>
    other.virtualIps.filter((theirs) => clash(mine, theirs)).map((theirs) => ({ mine, theirs })),
  );
}

/** The key that chooses it, whether it is given or not. */
export function routerIdKey({ origin: [section = 'endpoint'] }: VirtualIp): Path {
  return [section, 'virtualRouterId'];
}

/** The ID is the instance's, and there is one instance for each family (RFC 9568, 5.2.3). */
function clash(mine: VirtualIp, theirs: VirtualIp): boolean {
  if (mine.movedBy !== 'keepalived' || theirs.movedBy !== 'keepalived' || mine.routerId !== theirs.routerId)
    return false;
  const families = theirs.addresses.map(({ family }) => family);
  return mine.addresses.some(({ family }) => families.includes(family));
}
