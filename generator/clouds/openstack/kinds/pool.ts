import type { Pool } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
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
  create: async ({ key, name, spec }, at) => {
    const { cloud, cluster, signal } = at;
    const description = markOf(cluster, key);
    const existing = async (): Promise<Pool | undefined> =>
      withMark(await cloud.loadBalancer.pools.list({ description }), description);
    const { listener, load_balancer, protocol, lb_algorithm } = spec;
    const body = { name, description, listener_id: listener, protocol, lb_algorithm };
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

function observed(key: string, item: Pool, state?: Observed['state']): Observed<Pool> {
  return observedAs('pool', key, item, { ...balancerState(item), ...(state === undefined ? {} : { state }) });
}
