import { contains, parseAddress, type Address, type Network } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode } from './cluster.ts';
import { addressKey } from './duplicates.ts';
import type { Endpoint, Mover, VirtualIp } from './endpoint.ts';
import type { Report } from './report.ts';

const MOVERS: readonly Mover[] = ['keepalived', 'pacemaker', 'kube-vip'];

/** What virtual IPs are held against; undefined is broken already. */
interface Surroundings {
  readonly endpoint: Endpoint | undefined;
  readonly nodes: readonly ClusterNode[];
  readonly networks: readonly Network[] | undefined;
}

/** The addresses that move between nodes: that of the API, then that of published services. */
export function resolveVirtualIps(
  blueprint: Blueprint,
  { endpoint, nodes, networks }: Surroundings,
  report: Report,
): VirtualIp[] {
  const { endpoint: given, publishedServices: published } = blueprint;
  const balancers = nodes.filter((node) => node.roles.includes('load-balancer'));
  const found: (VirtualIp | undefined)[] = [];
  const movedBy = MOVERS.find((mover) => mover === endpoint?.type);
  const unused = given === undefined ? [] : (['virtualIps', 'holders', 'virtualRouterId'] as const);
  for (const key of unused) {
    if (movedBy !== undefined || given?.[key] === undefined) continue;
    const text = `endpoint.${key} belongs to a virtual IP, and endpoint.type is ${given.type}`;
    report(diagnostic('cluster/virtual-ip', text, [{ path: ['endpoint', key], onKey: true }]));
  }
  if (endpoint !== undefined && given !== undefined && movedBy !== undefined) {
    const onControlPlane = given.holders !== 'load-balancer';
    const holders = onControlPlane ? nodes.filter((node) => node.roles.includes('control-plane')) : balancers;
    found.push(
      virtualIp({
        serves: 'api',
        movedBy,
        texts: given.virtualIps ?? endpoint.internal.host,
        floatingIp: endpoint.floatingIp,
        routerId: given.virtualRouterId,
        holders,
        role: onControlPlane ? 'control-plane' : 'load-balancer',
        path: ['endpoint', given.virtualIps === undefined ? 'internal' : 'virtualIps'],
      }),
    );
  }
  if (published !== undefined) {
    found.push(
      virtualIp({
        serves: 'published-services',
        movedBy: 'keepalived',
        texts: published.virtualIps,
        floatingIp: published.floatingIp,
        routerId: published.virtualRouterId,
        holders: balancers,
        role: 'load-balancer',
        path: ['publishedServices', 'virtualIps'],
      }),
    );
  }
  const virtualIps = found.filter((one) => one !== undefined);
  refuseShared(virtualIps, report);
  return virtualIps;

  function virtualIp(wanted: Wanted): VirtualIp | undefined {
    const { serves, movedBy: mover, path, holders, role, floatingIp } = wanted;
    const addresses = addressesOf(wanted, networks, nodes, report);
    if (holders.length === 0 && nodes.length > 0) {
      const text = `no node of role ${role} is there to hold the virtual IP`;
      report(diagnostic('cluster/virtual-ip', text, [at(path)]));
    }
    const [first, ...rest] = addresses ?? [];
    if (first === undefined) return undefined;
    const lastOctet = Number(first.value & 255n);
    const routerId = wanted.routerId ?? (lastOctet === 0 ? 1 : lastOctet);
    return { serves, movedBy: mover, addresses: [first, ...rest], routerId, floatingIp, holders, origin: path };
  }
}

interface Wanted {
  readonly serves: VirtualIp['serves'];
  readonly movedBy: Mover;
  readonly texts: string | readonly string[];
  readonly floatingIp: string | undefined;
  readonly routerId: number | undefined;
  readonly holders: readonly ClusterNode[];
  readonly role: string;
  readonly path: Path;
}

/** Addresses of the nodes' networks, one of a family, that no node has. */
function addressesOf(
  { texts, path }: Wanted,
  networks: readonly Network[] | undefined,
  nodes: readonly ClusterNode[],
  report: Report,
): Address[] | undefined {
  const list = typeof texts === 'string' ? [texts] : texts;
  const addresses = list.map((text) => {
    const address = parseAddress(text);
    const refuse = (why: string, ...more: Path[]): void =>
      report(diagnostic('cluster/virtual-ip', `the virtual IP ${text} ${why}`, [at(path), ...more.map((p) => at(p))]));
    if (address === undefined) {
      refuse('is not an IP address');
      return undefined;
    }
    const network = networks?.find((one) => contains(one, address));
    if (networks !== undefined && network === undefined)
      refuse('lies in none of the nodes’ networks, so that no node can hold it', ['network', 'nodes']);
    const taken = nodes.find((node) => node.addresses.some((own) => own.text === address.text));
    if (taken !== undefined) refuse(`is the address of ${taken.name}`, addressKey(taken));
    return address;
  });
  const known = addresses.filter((address) => address !== undefined);
  if (known.length === 2 && known[0]?.family === known[1]?.family)
    report(diagnostic('cluster/virtual-ip', 'the two virtual IPs are of one family', [at(path)]));
  return known.length === list.length ? known : undefined;
}

/** Two virtual IPs of one cluster have addresses and router IDs of their own. */
function refuseShared([one, other]: readonly VirtualIp[], report: Report): void {
  if (one === undefined || other === undefined) return;
  const places = [at(other.origin), at(one.origin)];
  const shared = one.addresses.find(({ text }) => other.addresses.some((address) => address.text === text));
  if (shared !== undefined)
    report(
      diagnostic('cluster/virtual-ip', `the API and published services share the virtual IP ${shared.text}`, places),
    );
  if (one.movedBy === other.movedBy && one.routerId === other.routerId) {
    const text = `the API and published services share the virtual router ID ${String(one.routerId)}`;
    report(diagnostic('cluster/virtual-ip', text, places));
  }
}
