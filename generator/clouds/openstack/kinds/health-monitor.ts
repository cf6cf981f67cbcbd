import type { HealthMonitor } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
import type { HealthMonitorSpec } from '../specs.ts';
import { differs, marked, observedAs, taggedAsDescribed, withMark, type KindCalls, type Surroundings } from './kind.ts';
import { balancerSettled, balancerState } from './load-balancer.ts';

/** Octavia's health monitors, one a pool. */
export const healthMonitor: KindCalls<'health-monitor', HealthMonitor> = {
  list: async ({ cloud, cluster }) =>
    marked(
      cluster,
      'health-monitor',
      (await cloud.loadBalancer.healthMonitors.list()).map(taggedAsDescribed),
      observed,
    ),
  differences: ({ spec }, item) => [
    ...differs('pool', item.pools[0]?.id, spec.pool),
    ...differs('type', item.type, spec.type),
    ...differs('delay', item.delay, spec.delay, 'update'),
    ...differs('timeout', item.timeout, spec.timeout, 'update'),
    ...differs('max_retries', item.max_retries, spec.max_retries, 'update'),
    ...differs('max_retries_down', item.max_retries_down, spec.max_retries_down, 'update'),
    ...(spec.url_path === undefined ? [] : differs('url_path', item.url_path, spec.url_path, 'update')),
  ],
  create: async (desired, at) => {
    const { cloud, cluster, signal } = at;
    const { key, spec } = desired;
    const description = markOf(cluster, key);
    const existing = async (): Promise<HealthMonitor | undefined> =>
      withMark(
        (await cloud.loadBalancer.healthMonitors.list({ pool_id: spec.pool })).map(taggedAsDescribed),
        description,
      );
    const body = { ...healthMonitorBody(desired, cluster), pool_id: spec.pool };
    const item = await cloud.loadBalancer.healthMonitors.create(body, { existing, signal });
    await balancerSettled(spec.load_balancer, key, at);
    return observed(key, item, 'ready');
  },
  update: async ({ key, spec }, { id }, _differences, at) => {
    const item = await at.cloud.loadBalancer.healthMonitors.update(id, changeable(spec), { signal: at.signal });
    await balancerSettled(spec.load_balancer, key, at);
    return observed(key, item, 'ready');
  },
  remove: async ({ id }, { cloud, signal }: Surroundings) => {
    await cloud.loadBalancer.healthMonitors.delete(id, { signal });
  },
};

/** Without where it belongs. */
export function healthMonitorBody({ key, name, spec }: Desired<Filled<HealthMonitorSpec>>, cluster: string) {
  return { name, tags: [markOf(cluster, key)], type: spec.type, ...changeable(spec) };
}

function changeable({ delay, timeout, max_retries, max_retries_down, url_path }: HealthMonitorSpec) {
  return { delay, timeout, max_retries, max_retries_down, ...(url_path === undefined ? {} : { url_path }) };
}

function observed(key: string, item: HealthMonitor, state?: Observed['state']): Observed<HealthMonitor> {
  return observedAs('health-monitor', key, item, { ...balancerState(item), ...(state === undefined ? {} : { state }) });
}
