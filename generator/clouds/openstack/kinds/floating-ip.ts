import type { FloatingIp } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import { keyIn, markOf } from '../marks.ts';
import type { OpenstackResource } from '../desired/shared.ts';
import { Unsettled } from './settle.ts';
import { differs, observedAs, withMark, type KindCalls } from './kind.ts';

/** Where a floating IP leads, and whether the cluster made it: a reserved one is let go of, and stays. */
export interface Lead extends FloatingIp {
  readonly isReserved: boolean;
}

/** Neutron's floating IPs. */
export const floatingIp: KindCalls<'floating-ip', Lead> = {
  list: async ({ cloud, cluster }, found, desired) => {
    const [all, ownPorts, ownBalancers] = await Promise.all([
      cloud.network.floatingIps.list(),
      found('port'),
      found('load-balancer'),
    ]);
    const ports = new Set(ownPorts.map(({ id }) => id));
    const balancers = ownBalancers.map(({ facts }) => facts['port']);
    return all.flatMap((item): Observed<Lead>[] => {
      const made = keyIn(cluster, item.description);
      if (made !== undefined) return [observed(made, { ...item, isReserved: false })];
      const reserved = desired.find((one) => addressOf(one) === item.floating_ip_address);
      if (reserved !== undefined) {
        return item.port_id === null ? [] : [observed(reserved.key, { ...item, isReserved: true })];
      }
      // One that the blueprint no longer names, and that still leads to a port of the cluster's.
      const { port_id: port } = item;
      if (port === null || !(ports.has(port) || balancers.includes(port))) return [];
      return [observed(`floating-ip/${item.floating_ip_address}`, { ...item, isReserved: true })];
    });
  },
  differences: ({ spec }, item) => [
    ...(spec.address === undefined ? [] : differs('address', item.floating_ip_address, spec.address)),
    ...differs('port', item.port_id, spec.port, 'update'),
    ...differs('fixed_ip_address', item.fixed_ip_address, spec.fixed_ip_address, 'update'),
  ],
  create: async ({ key, spec }, { cloud, cluster, signal }) => {
    const lead = { port_id: spec.port, fixed_ip_address: spec.fixed_ip_address };
    const network = spec.external_network;
    if (spec.address !== undefined) {
      const [reserved] = await cloud.network.floatingIps.list({ floating_ip_address: spec.address });
      if (reserved === undefined) throw new Unsettled(`the project has no floating IP ${spec.address}`);
      const item = await cloud.network.floatingIps.update(reserved.id, lead, { signal });
      return observed(key, { ...item, isReserved: true });
    }
    const description = markOf(cluster, key);
    const existing = async (): Promise<FloatingIp | undefined> =>
      withMark(await cloud.network.floatingIps.list({ description }), description);
    const body = { floating_network_id: network, description, ...lead };
    const item = await cloud.network.floatingIps.create(body, { existing, signal });
    return observed(key, { ...item, isReserved: false });
  },
  update: async ({ key, spec }, { id, item }, _differences, { cloud, signal }) => {
    const lead = { port_id: spec.port, fixed_ip_address: spec.fixed_ip_address };
    const changed = await cloud.network.floatingIps.update(id, lead, { signal });
    return observed(key, { ...changed, isReserved: item.isReserved });
  },
  remove: async ({ id, item }, { cloud, signal }) => {
    if (item.isReserved) await cloud.network.floatingIps.update(id, { port_id: null }, { signal });
    else await cloud.network.floatingIps.delete(id, { signal });
  },
};

function addressOf(one: OpenstackResource): string | undefined {
  return one.kind === 'floating-ip' ? one.spec.address : undefined;
}

function observed(key: string, item: Lead): Observed<Lead> {
  return observedAs('floating-ip', key, item, { facts: { address: item.floating_ip_address } });
}
