import type { BalancerResource, LoadBalancer, LoadBalancerCreate } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
import type { LoadBalancerSpec } from '../specs.ts';
import { differs, marked, observedAs, withMark, type KindCalls, type Surroundings } from './kind.ts';
import { gone, settled } from './settle.ts';

/** Octavia's load balancers. With one goes all that hangs on it. */
export const loadBalancer: KindCalls<'load-balancer', LoadBalancer> = {
  list: async ({ cloud, cluster }) =>
    marked(cluster, 'load-balancer', await cloud.loadBalancer.loadBalancers.list(), observed),
  differences: ({ name, spec }, item) => [
    ...differs('vip_subnet', item.vip_subnet_id, spec.vip_subnet),
    ...differs('vip_address', item.vip_address, spec.vip_address),
    ...(spec.provider === undefined ? [] : differs('provider', item.provider, spec.provider)),
    ...differs('name', item.name, name, 'update'),
  ],
  create: (desired, at) => createBalancer(desired, {}, at),
  update: async ({ key, name }, { id }, _differences, at) => {
    await at.cloud.loadBalancer.loadBalancers.update(id, { name }, { signal: at.signal });
    return settled(() => look(key, id, at), { key }, at);
  },
  settle: ({ key, id }, at) => settled(() => look(key, id, at), { key }, at),
  remove: async ({ key, id }, at) => {
    await at.cloud.loadBalancer.loadBalancers.delete(id, { cascade: true, signal: at.signal });
    await gone(() => lookUnlessDeleted(id, at), { key }, at);
  },
};

/** `below`: what is made with it in the same call. */
export async function createBalancer(
  { key, name, spec }: Desired<Filled<LoadBalancerSpec>>,
  below: Pick<LoadBalancerCreate, 'listeners'>,
  at: Surroundings,
): Promise<Observed<LoadBalancer>> {
  const { cloud, cluster, signal } = at;
  const description = markOf(cluster, key);
  const existing = async (): Promise<LoadBalancer | undefined> =>
    withMark(await cloud.loadBalancer.loadBalancers.list({ description }), description);
  const { vip_subnet, ...rest } = spec;
  const body = { name, description, ...rest, vip_subnet_id: vip_subnet, ...below };
  const { id } = await cloud.loadBalancer.loadBalancers.create(body, { existing, signal });
  return settled(() => look(key, id, at), { key }, at, { isBegun: true });
}

/**
 * Waits until nothing of the load balancer is being changed: whatever is changed of it makes the whole of it immutable until then
 * (Octavia API, "Provisioning status").
 */
export async function balancerSettled(id: string, key: string, at: Surroundings): Promise<void> {
  await settled(() => look(key, id, at), { key }, at, { first: 100 });
}

/** Octavia's two words for what becomes of a resource. */
export function balancerState({ provisioning_status: status }: BalancerResource): Pick<Observed, 'state' | 'detail'> {
  const state = status === 'ERROR' ? 'failed' : status.startsWith('PENDING_') ? 'pending' : 'ready';
  return { state, detail: `its provisioning status is ${status}` };
}

function observed(key: string, item: LoadBalancer): Observed<LoadBalancer> {
  return observedAs('load-balancer', key, item, { ...balancerState(item), facts: { port: item.vip_port_id } });
}

async function look(key: string, id: string, at: Surroundings): Promise<Observed<LoadBalancer> | undefined> {
  const item = await at.cloud.loadBalancer.loadBalancers.get(id, { signal: at.signal });
  return item === undefined ? undefined : observed(key, item);
}

/** A deleted one may still be told for a while. */
async function lookUnlessDeleted(id: string, { cloud, signal }: Surroundings): Promise<LoadBalancer | undefined> {
  const item = await cloud.loadBalancer.loadBalancers.get(id, { signal });
  return item?.provisioning_status === 'DELETED' ? undefined : item;
}
