import { addressOf, contains, parseAddress, type Address, type Network } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { merge } from '../blueprint/merge.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode, Role, Taint } from './cluster.ts';
import { refuseDuplicates } from './duplicates.ts';
import { mayLabel } from './node-labels.ts';
import { resolveParts, type UserDataPart } from './parts.ts';
import type { Report } from './report.ts';
import { resolveSystem } from './resolve-system.ts';

type GivenGroup = NonNullable<Blueprint['nodeGroups']>[number];
type Settings = Pick<
  GivenGroup,
  'roles' | 'interface' | 'os' | 'cloudInit' | 'labels' | 'taints' | 'etcd' | 'server' | 'components'
>;

/** What all nodes are built with. */
interface Context {
  readonly blueprint: Blueprint;
  /** Undefined while they are broken: nothing is held against them then. */
  readonly networks: readonly Network[] | undefined;
  readonly parts: ReadonlyMap<string, UserDataPart>;
  readonly report: Report;
}

/** The taint that keeps workloads off a control plane (kubeadm and the wider field use the same one). */
const CONTROL_PLANE_TAINT: Taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };
/** The same for a node that has nothing but etcd. */
const ETCD_TAINT: Taint = { key: 'node-role.kubernetes.io/etcd', effect: 'NoSchedule' };
/** A node stays out of use until its cloud controller has looked at it (kubernetes.io, cloud controller administration). */
const UNINITIALIZED_TAINT: Taint = {
  key: 'node.cloudprovider.kubernetes.io/uninitialized',
  value: 'true',
  effect: 'NoSchedule',
};

/** Nodes and groups → nodes, sorted by name. A node that is broken beyond use is left out. */
export function resolveNodes(
  blueprint: Blueprint,
  networks: readonly Network[] | undefined,
  parts: ReadonlyMap<string, UserDataPart>,
  report: Report,
): ClusterNode[] {
  const context = { blueprint, networks, parts, report };
  const single = (blueprint.nodes ?? []).map((node, index) => {
    const one = { name: node.name, addresses: given(node.address), zone: node.zone, floatingIp: node.floatingIp };
    return build(context, one, node, ['nodes', index], 'address');
  });
  const grouped = (blueprint.nodeGroups ?? []).flatMap((group, index) => expand(context, group, ['nodeGroups', index]));
  const nodes = [...single, ...grouped].filter((node) => node !== undefined);
  refuseDuplicates(nodes, report);
  return nodes.sort((a, b) => compareNames(a.name, b.name));
}

/** node2 before node10: names as people count, and the same on every machine. */
function compareNames(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => /^(.*?)(\d{0,9})$/.exec(name)?.slice(1) ?? [name, '']);
  if (x?.[0] === y?.[0] && x?.[1] !== y?.[1]) return Number(x?.[1]) - Number(y?.[1]) || (a < b ? -1 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}

function expand(context: Context, group: GivenGroup, origin: Path): (ClusterNode | undefined)[] {
  const { report } = context;
  const path = [...origin, 'addresses'];
  const ranges = given(group.addresses).map((text) => {
    const [first, last] = text.split('-').map((end) => parseAddress(end));
    if (first === undefined || last === undefined || first.family !== last.family) {
      report(diagnostic('cluster/invalid-address', `"${text}" is not a range of two addresses`, [at(path)]));
      return undefined;
    }
    if (first.value > last.value) report(diagnostic('cluster/invalid-range', `"${text}" runs backwards`, [at(path)]));
    else if (last.value - first.value + 1n < BigInt(group.count)) {
      const room = String(last.value - first.value + 1n);
      report(
        diagnostic('cluster/range-too-small', `${text} has ${room} addresses, and count is ${String(group.count)}`, [
          at(path),
          at([...origin, 'count']),
        ]),
      );
    } else return first;
    return undefined;
  });
  if (ranges.some((range) => range === undefined)) return [];
  return Array.from({ length: group.count }, (_, index) => {
    const addresses = ranges.flatMap((first) =>
      first === undefined ? [] : addressOf(first.family, first.value + BigInt(index)).text,
    );
    const zone = group.zones?.[index % group.zones.length];
    const one = { name: `${group.name}${String(index)}`, addresses, zone, floatingIp: undefined };
    return build(context, one, group, origin, 'addresses');
  });
}

/** What tells one node of a group from the others. */
interface One {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly zone: string | undefined;
  readonly floatingIp: string | undefined;
}

function build(
  { blueprint, networks, parts, report }: Context,
  { name, addresses: texts, zone, floatingIp }: One,
  settings: Settings,
  origin: Path,
  key: 'address' | 'addresses',
): ClusterNode | undefined {
  const addresses = resolveAddresses(name, texts, [...origin, key], networks, report);
  const roles = resolveRoles(name, settings.roles, origin, report);
  for (const label of Object.keys(settings.labels ?? {})) {
    if (mayLabel(label)) continue;
    report(
      diagnostic('cluster/forbidden-label', `the kubelet may not set the label "${label}"`, [
        { path: [...origin, 'labels', label], onKey: true },
      ]),
    );
  }
  const os = resolveSystem(blueprint.os, settings.os, origin, report);
  if (addresses === undefined) return undefined;
  return {
    name,
    roles,
    addresses,
    interface: settings.interface ?? blueprint.network.interface,
    zone,
    os,
    labels: zone === undefined ? { ...settings.labels } : { 'topology.kubernetes.io/zone': zone, ...settings.labels },
    taints: resolveTaints(settings, roles, blueprint),
    floatingIp,
    server: settings.server ?? {},
    etcdDisk: resolveDisk(name, settings, origin, blueprint, report),
    options: merge(blueprint.components ?? {}, settings.components) as ClusterNode['options'],
    parts: resolveParts(os, { common: blueprint.cloudInit, own: settings.cloudInit, origin }, parts, report),
    origin,
  };
}

function resolveAddresses(
  name: string,
  texts: readonly string[],
  path: Path,
  networks: readonly Network[] | undefined,
  report: Report,
): ClusterNode['addresses'] | undefined {
  const addresses: Address[] = [];
  texts.forEach((text, index) => {
    const address = parseAddress(text);
    const network = networks?.[index];
    if (address === undefined)
      report(diagnostic('cluster/invalid-address', `"${text}" is not an IP address`, [at(path)]));
    else if (network !== undefined && (!contains(network, address) || isReserved(network, address))) {
      const text = `${name} has ${address.text}, which is not a host address of ${network.text}`;
      report(diagnostic('cluster/address-outside-network', text, [at(path), at(['network', 'nodes'], 'the network')]));
    } else addresses.push(address);
  });
  if (networks !== undefined && texts.length !== networks.length && addresses.length === texts.length) {
    const text = `${name} has ${String(texts.length)} addresses, and network.nodes has ${String(networks.length)} families`;
    report(diagnostic('cluster/family-mismatch', text, [at(path), at(['network', 'nodes'], 'sets the families')]));
  }
  const [first, ...rest] = addresses;
  return first === undefined || addresses.length !== texts.length ? undefined : [first, ...rest];
}

/** An IPv4 network's first address names the network, its last is the broadcast address. */
function isReserved(network: Network, address: Address): boolean {
  return (
    network.family === 'ipv4' &&
    network.prefix < 31 &&
    (address.value === network.first || address.value === network.last)
  );
}

function resolveRoles(name: string, roles: readonly Role[], origin: Path, report: Report): readonly Role[] {
  if (roles.includes('etcd') && roles.includes('worker') && !roles.includes('control-plane')) {
    report(
      diagnostic(
        'cluster/role-conflict',
        `${name} is a worker and an etcd member: workloads would take etcd's disk and time`,
        [at([...origin, 'roles'])],
      ),
    );
  }
  return [...roles].sort();
}

function resolveTaints(settings: Settings, roles: readonly Role[], blueprint: Blueprint): readonly Taint[] {
  const byRole = roles.includes('control-plane') ? [CONTROL_PLANE_TAINT] : roles.includes('etcd') ? [ETCD_TAINT] : [];
  const taints = (settings.taints ?? (roles.includes('worker') ? [] : byRole)).map(({ key, value, effect }) =>
    value === undefined ? { key, effect } : { key, value, effect },
  );
  return blueprint.cloud?.openstack === undefined ? taints : [...taints, UNINITIALIZED_TAINT];
}

/** The cluster's system with the node's own laid over it. A release belongs to its system: another one does not inherit it. */
/**
 * The device of etcd's own disk. A volume of the cloud is found by its id, which only the cloud knows: virtio shows the
 * first 20 characters of it as the disk's serial (QEMU's limit, and Nova's documentation of it).
 */
function resolveDisk(
  name: string,
  settings: Settings,
  origin: Path,
  blueprint: Blueprint,
  report: Report,
): string | undefined {
  const disk = settings.etcd?.disk ?? blueprint.etcd?.disk;
  if (blueprint.cloud?.openstack?.etcdVolume === undefined) return disk;
  if (disk !== undefined) {
    const path = settings.etcd?.disk === undefined ? ['etcd', 'disk'] : [...origin, 'etcd', 'disk'];
    report(
      diagnostic('cluster/disk-conflict', `${name} has both a disk path and a volume for etcd`, [
        at(path),
        at(['cloud', 'openstack', 'etcdVolume']),
      ]),
    );
  }
  return `/dev/disk/by-id/virtio-\${triskel:openstack/etcd-volume-serial.${name}}`;
}

function given(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
