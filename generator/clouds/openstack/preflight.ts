import type { Cloud, ComputeLimits, Flavor } from 'openstack-client-lite';
import type { Path } from '../../base/paths.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ChangePlan } from '../change-plan.ts';
import type { Facts } from '../resource.ts';
import { given, type OpenstackResource } from './desired/shared.ts';
import type { Kind } from './specs.ts';

/** What is needed and what is left of it. */
interface Need {
  readonly what: string;
  readonly needs: number;
  /** Undefined: no limit. */
  readonly left: number | undefined;
}

/** Everything that would keep a plan from being applied, all at once and before the first change. Throws `CloudError`. */
export async function preflight(cluster: Cluster, plan: ChangePlan, facts: Facts, cloud: Cloud): Promise<Diagnostic[]> {
  const created = plan.changes.flatMap((change) =>
    change.action === 'create' ? [change.desired as OpenstackResource] : [],
  );
  const found = await Promise.all([
    quotas(created, facts, cloud),
    zones(cluster, created, cloud),
    floatingIps(cluster, created, cloud),
    balancer(cluster, created, cloud),
    addresses(cluster, created, facts, cloud),
  ]);
  return found.flat();
}

async function quotas(created: readonly OpenstackResource[], facts: Facts, cloud: Cloud): Promise<Diagnostic[]> {
  const count = (kind: Kind): number => created.filter((one) => one.kind === kind).length;
  const volumes = created.flatMap((one) => (one.kind === 'volume' ? [one.spec] : []));
  const boots = created.flatMap((one) => (one.kind === 'server' ? (one.spec.boot_volume ?? []) : []));
  const [all, network, limits, ofVolumes, ofBalancers] = await Promise.all([
    cloud.compute.flavors.list(),
    cloud.network.quotas(),
    cloud.compute.limits(),
    volumes.length + boots.length === 0 ? [] : volumeNeeds(cloud, [...volumes, ...boots]),
    count('load-balancer') === 0 ? [] : balancerNeeds(cloud, count),
  ]);
  const flavors = new Map(all.map((flavor) => [flavor.id, flavor]));
  const machines = created.flatMap((one) => {
    if (one.kind !== 'server') return [];
    const { flavor } = one.spec;
    return flavors.get(typeof flavor === 'string' ? flavor : (facts.get(flavor.$of)?.[flavor.fact] ?? '')) ?? [];
  });
  const neutron = (name: string, kind: Kind): Need => {
    const quota = network[name];
    const left = quota === undefined || quota.limit < 0 ? undefined : quota.limit - quota.used - quota.reserved;
    return { what: `${name.replaceAll('_', ' ')}s`, needs: count(kind), left };
  };
  const needs: Need[] = [
    neutron('network', 'network'),
    neutron('subnet', 'subnet'),
    neutron('router', 'router'),
    neutron('port', 'port'),
    neutron('security_group', 'security-group'),
    neutron('security_group_rule', 'security-group-rule'),
    { ...neutron('floatingip', 'floating-ip'), what: 'floating IPs', needs: newFloatingIps(created) },
    ...computeNeeds(limits, machines, count('server-group')),
    ...(count('key-pair') === 0 ? [] : [await keyPairNeed(cloud, limits, count('key-pair'))]),
    ...ofVolumes,
    ...ofBalancers,
  ];
  return needs.flatMap(({ what, needs: needed, left }) => {
    if (left === undefined || needed <= left) return [];
    const text = `${String(needed)} ${what} are needed, and the project's quota leaves ${String(Math.max(left, 0))}`;
    return [diagnostic('cloud/quota', text, [at(['cloud', 'openstack'])])];
  });
}

function computeNeeds(limits: ComputeLimits, machines: readonly Flavor[], groups: number): Need[] {
  const left = (limit: number, used: number): number | undefined => (limit < 0 ? undefined : limit - used);
  const sum = (of: (flavor: Flavor) => number): number => machines.reduce((total, one) => total + of(one), 0);
  return [
    { what: 'servers', needs: machines.length, left: left(limits.maxTotalInstances, limits.totalInstancesUsed) },
    { what: 'cores', needs: sum(({ vcpus }) => vcpus), left: left(limits.maxTotalCores, limits.totalCoresUsed) },
    { what: 'MiB of memory', needs: sum(({ ram }) => ram), left: left(limits.maxTotalRAMSize, limits.totalRAMUsed) },
    { what: 'server groups', needs: groups, left: left(limits.maxServerGroups, limits.totalServerGroupsUsed) },
  ];
}

/** Nova tells the limit, and not what is used of it. */
async function keyPairNeed(cloud: Cloud, { maxTotalKeypairs: limit }: ComputeLimits, needs: number): Promise<Need> {
  const left = limit < 0 ? undefined : limit - (await cloud.compute.keyPairs.list()).length;
  return { what: 'key pairs', needs, left };
}

async function volumeNeeds(cloud: Cloud, volumes: readonly { readonly size: number }[]): Promise<Need[]> {
  const limits = await cloud.blockStorage.limits();
  const left = (limit: number, used: number): number | undefined => (limit < 0 ? undefined : limit - used);
  const size = volumes.reduce((total, volume) => total + volume.size, 0);
  return [
    { what: 'volumes', needs: volumes.length, left: left(limits.maxTotalVolumes, limits.totalVolumesUsed) },
    { what: 'GiB of volumes', needs: size, left: left(limits.maxTotalVolumeGigabytes, limits.totalGigabytesUsed) },
  ];
}

async function balancerNeeds(cloud: Cloud, count: (kind: Kind) => number): Promise<Need[]> {
  const quota = await cloud.loadBalancer.quotas();
  const used = (await cloud.loadBalancer.loadBalancers.list()).length;
  // Octavia has called it load_balancer since its API 2.13, and loadbalancer before (octavia/api/v2/types/quotas.py).
  const { load_balancer, loadbalancer } = quota as { load_balancer?: number | null; loadbalancer?: number | null };
  const limit = load_balancer ?? loadbalancer ?? -1;
  const left = limit < 0 ? undefined : limit - used;
  return [{ what: 'load balancers', needs: count('load-balancer'), left }];
}

async function zones(cluster: Cluster, created: readonly OpenstackResource[], cloud: Cloud): Promise<Diagnostic[]> {
  const wanted = created.flatMap((one) => (one.kind === 'server' ? [one] : []));
  if (wanted.every(({ spec }) => spec.availability_zone === undefined)) return [];
  const known = (await cloud.compute.availabilityZones())
    .filter(({ zoneState }) => zoneState.available)
    .map(({ zoneName }) => zoneName);
  return wanted.flatMap(({ node, spec }) => {
    const zone = spec.availability_zone;
    if (zone === undefined || known.includes(zone)) return [];
    const text = `the cloud has no availability zone "${zone}"; it has ${known.join(', ')}`;
    const origin = cluster.nodes.find(({ name }) => name === node)?.origin ?? [];
    return [diagnostic('cloud/not-found', text, [at(origin)])];
  });
}

/** Reserved ones are there already. */
function newFloatingIps(created: readonly OpenstackResource[]): number {
  return created.filter((one) => one.kind === 'floating-ip' && one.spec.address === undefined).length;
}

async function floatingIps(
  cluster: Cluster,
  created: readonly OpenstackResource[],
  cloud: Cloud,
): Promise<Diagnostic[]> {
  const wanted = created.flatMap((one) =>
    one.kind === 'floating-ip' && one.spec.address !== undefined ? [one.spec.address] : [],
  );
  if (wanted.length === 0) return [];
  const reserved = await cloud.network.floatingIps.list();
  return wanted.flatMap((address) => {
    const refuse = (text: string): Diagnostic[] => [
      diagnostic('cloud/floating-ip', text, [at(originOf(cluster, address))]),
    ];
    const found = reserved.find((one) => one.floating_ip_address === address);
    if (found === undefined) return refuse(`the project has no floating IP ${address}`);
    if (found.port_id === null) return [];
    return refuse(`the floating IP ${address} leads to something that is not the cluster's (port ${found.port_id})`);
  });
}

/** Where the blueprint speaks of a reserved floating IP. */
function originOf({ endpoint, nodes, virtualIps }: Cluster, address: string): Path {
  const node = nodes.find(({ floatingIp }) => floatingIp === address);
  if (node !== undefined) return [...node.origin, 'floatingIp'];
  if (virtualIps.some(({ serves, floatingIp }) => serves === 'published-services' && floatingIp === address))
    return ['publishedServices', 'floatingIp'];
  return ['endpoint', endpoint.external.host === address ? 'external' : 'floatingIp'];
}

async function balancer(cluster: Cluster, created: readonly OpenstackResource[], cloud: Cloud): Promise<Diagnostic[]> {
  if (!created.some(({ kind }) => kind === 'load-balancer')) return [];
  const path: Path = ['endpoint', 'type'];
  if (!(await cloud.session.has('load-balancer')))
    return [diagnostic('cloud/no-load-balancer', 'the cloud has no load-balancer service (Octavia)', [at(path)])];
  const provider = cluster.openstack?.loadBalancer?.provider;
  if (provider === undefined) return [];
  const known = (await cloud.loadBalancer.providers.list()).map(({ name }) => name);
  if (known.includes(provider)) return [];
  const text = `the cloud has no load-balancer provider "${provider}"; it has ${known.join(', ')}`;
  return [diagnostic('cloud/not-found', text, [at(['cloud', 'openstack', 'loadBalancer', 'provider'])])];
}

/** Addresses of an existing network that somebody has already. */
async function addresses(
  cluster: Cluster,
  created: readonly OpenstackResource[],
  facts: Facts,
  cloud: Cloud,
): Promise<Diagnostic[]> {
  const name = cluster.openstack?.network;
  const network = name === undefined ? undefined : facts.get(given.network(name))?.['id'];
  if (network === undefined) return [];
  const ports = await cloud.network.ports.list({ network_id: network });
  const taken = new Map(ports.flatMap((port) => port.fixed_ips.map(({ ip_address }) => [ip_address, port] as const)));
  const wanted = created.flatMap((one) => wantedAddresses(one));
  return wanted.flatMap((address) => {
    const holder = taken.get(address);
    if (holder === undefined) return [];
    const text = `${address} is taken on the network ${String(name)}, by the port ${holder.name || holder.id}`;
    const node = cluster.nodes.find((one) => one.addresses.some((own) => own.text === address));
    return [diagnostic('cloud/address-taken', text, [at(node?.origin ?? ['endpoint', 'internal'])])];
  });
}

function wantedAddresses(one: OpenstackResource): string[] {
  if (one.kind === 'port') return one.spec.fixed_ips.map(({ ip_address }) => ip_address);
  return one.kind === 'load-balancer' ? [one.spec.vip_address] : [];
}
