import type { Port } from 'openstack-client-lite';
import { markOf } from '../marks.ts';
import type { Filled } from '../../resource.ts';
import type { PortSpec } from '../specs.ts';
import { kubernetesNames } from '../kubernetes/names.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';

/** Security groups that the cloud controller puts on a node's port for a Service are no drift. */
interface NodePort extends Port {
  readonly serviceGroups?: readonly string[];
}

/** Neutron's ports: one a node, and one for each virtual IP. */
export const port: KindCalls<'port', NodePort> = {
  list: async ({ cloud, cluster }) => {
    const [ports, groups] = await Promise.all([cloud.network.ports.list(), cloud.network.securityGroups.list()]);
    const { isSecurityGroup } = kubernetesNames(cluster);
    const ofServices = groups.filter(isSecurityGroup).map(({ id }) => id);
    return marked(cluster, 'port', ports, (key, item) => {
      const serviceGroups = item.security_groups.filter((id) => ofServices.includes(id));
      return observedAs('port', key, { ...item, serviceGroups });
    });
  },
  differences: ({ spec }, item) => [
    ...differs('network', item.network_id, spec.network),
    ...differs('fixed_ips', fixed(item.fixed_ips), fixed(fixedIps(spec))),
    ...differs('security_groups', ownGroups(item), groups(spec).sort(), 'update'),
    ...differs('allowed_address_pairs', ownPairs(item), [...spec.allowed_address_pairs].sort(), 'update'),
  ],
  create: async ({ key, name, spec }, { cloud, cluster, signal }) => {
    const description = markOf(cluster, key);
    const existing = async (): Promise<Port | undefined> =>
      withMark(await cloud.network.ports.list({ description }), description);
    const body = {
      name,
      description,
      network_id: spec.network,
      fixed_ips: fixedIps(spec),
      security_groups: groups(spec),
      allowed_address_pairs: spec.allowed_address_pairs.map((ip_address) => ({ ip_address })),
    };
    return observedAs('port', key, await cloud.network.ports.create(body, { existing, signal }));
  },
  update: async ({ key, spec }, { id, item }, _differences, { cloud, signal }) => {
    const routed = item.allowed_address_pairs.filter(({ ip_address }) => isRouted(ip_address));
    const allowed_address_pairs = [...spec.allowed_address_pairs.map((ip_address) => ({ ip_address })), ...routed];
    const body = { security_groups: [...groups(spec), ...(item.serviceGroups ?? [])], allowed_address_pairs };
    return observedAs('port', key, await cloud.network.ports.update(id, body, { signal }));
  },
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.network.ports.delete(id, { signal });
  },
};

/** Networks of pods, which the cloud controller lets a port speak for when it routes them: no drift. */
function isRouted(address: string): boolean {
  return address.includes('/');
}

function ownPairs({ allowed_address_pairs: pairs }: Port): string[] {
  return pairs
    .map(({ ip_address }) => ip_address)
    .filter((address) => !isRouted(address))
    .sort();
}

function ownGroups({ security_groups, serviceGroups = [] }: NodePort): string[] {
  return security_groups.filter((id) => !serviceGroups.includes(id)).sort();
}

function fixedIps({ fixed_ips }: Filled<PortSpec>): { subnet_id: string; ip_address: string }[] {
  return fixed_ips.map(({ subnet, ip_address }) => ({ subnet_id: subnet, ip_address }));
}

function fixed(ips: readonly { readonly subnet_id: string; readonly ip_address: string }[]): string[] {
  return ips.map(({ subnet_id, ip_address }) => `${ip_address} in ${subnet_id}`).sort();
}

function groups({ security_groups }: Filled<PortSpec>): string[] {
  return [...security_groups];
}
