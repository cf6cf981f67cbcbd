import type { Pool } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
import type { PoolSpec } from '../specs.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';
import { balancerSettled, balancerState } from './load-balancer.ts';

/** Octavia's pools, each the default of its listener. */
export const pool: KindCalls<'pool', Pool> = {
  list: async ({ cloud, cluster }) => marked(cluster, 'pool', await cloud.loadBalancer.pools.list(), observed),
  differences: ({ spec }, item) => [
    ...differs('load_balancer', item.loadbalancers[0]?.id, spec.load_balancer),
    ...differs('listener', item.listeners[0]?.id, spec.listener),
    ...differs('protocol', item.protocol, spec.protocol),
    ...differs('lb_algorithm', item.lb_algorithm, spec.lb_algorithm, 'update'),
  ],
  create: async (desired, at) => {
    const { cloud, cluster, signal } = at;
    const { key, spec } = desired;
    const description = markOf(cluster, key);
    const existing = async (): Promise<Pool | undefined> =>
      withMark(await cloud.loadBalancer.pools.list({ description }), description);
    const { listener, load_balancer } = spec;
    const body = { ...poolBody(desired, cluster), listener_id: listener };
    const item = await cloud.loadBalancer.pools.create(body, { existing, signal });
    await balancerSettled(load_balancer, key, at);
    return observed(key, item, 'ready');
  },
  update: async ({ key, spec }, { id }, _differences, at) => {
    const { lb_algorithm, load_balancer } = spec;
    const item = await at.cloud.loadBalancer.pools.update(id, { lb_algorithm }, { signal: at.signal });
    await balancerSettled(load_balancer, key, at);
    return observed(key, item, 'ready');
  },
  remove: async ({ key, id, item }, at) => {
    await at.cloud.loadBalancer.pools.delete(id, { signal: at.signal });
    const balancer = item.loadbalancers[0]?.id;
    if (balancer !== undefined) await balancerSettled(balancer, key, at);
  },
};

/** Without where it belongs. */
export function poolBody({ key, name, spec }: Desired<Filled<PoolSpec>>, cluster: string) {
  const { protocol, lb_algorithm } = spec;
  return { name, description: markOf(cluster, key), protocol, lb_algorithm };
}

function observed(key: string, item: Pool, state?: Observed['state']): Observed<Pool> {
  return observedAs('pool', key, item, { ...balancerState(item), ...(state === undefined ? {} : { state }) });
}
