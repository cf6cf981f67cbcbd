import type { Listener } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
import type { ListenerSpec } from '../specs.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';
import { balancerSettled, balancerState } from './load-balancer.ts';

/** Octavia's listeners. */
export const listener: KindCalls<'listener', Listener> = {
  list: async ({ cloud, cluster }) => marked(cluster, 'listener', await cloud.loadBalancer.listeners.list(), observed),
  differences: ({ spec }, item) => [
    ...differs('load_balancer', item.loadbalancers[0]?.id, spec.load_balancer),
    ...differs('protocol', item.protocol, spec.protocol),
    ...differs('protocol_port', item.protocol_port, spec.protocol_port),
    ...differs('timeout_client_data', item.timeout_client_data, spec.timeout_client_data, 'update'),
    ...differs('timeout_member_data', item.timeout_member_data, spec.timeout_member_data, 'update'),
    ...differs('allowed_cidrs', sorted(item.allowed_cidrs), sorted(spec.allowed_cidrs), 'update'),
  ],
  create: async (desired, at) => {
    const { cloud, cluster, signal } = at;
    const { key, spec } = desired;
    const description = markOf(cluster, key);
    const existing = async (): Promise<Listener | undefined> =>
      withMark(await cloud.loadBalancer.listeners.list({ description }), description);
    const { load_balancer } = spec;
    const body = { ...listenerBody(desired, cluster), loadbalancer_id: load_balancer };
    const item = await cloud.loadBalancer.listeners.create(body, { existing, signal });
    await balancerSettled(load_balancer, key, at);
    return observed(key, item, 'ready');
  },
  update: async ({ key, spec }, { id }, _differences, at) => {
    const item = await at.cloud.loadBalancer.listeners.update(id, changeable(spec), { signal: at.signal });
    await balancerSettled(spec.load_balancer, key, at);
    return observed(key, item, 'ready');
  },
  remove: async ({ key, id, item }, at) => {
    await at.cloud.loadBalancer.listeners.delete(id, { signal: at.signal });
    const balancer = item.loadbalancers[0]?.id;
    if (balancer !== undefined) await balancerSettled(balancer, key, at);
  },
};

/** Without where it belongs. */
export function listenerBody({ key, name, spec }: Desired<Filled<ListenerSpec>>, cluster: string) {
  const { protocol, protocol_port } = spec;
  return { name, description: markOf(cluster, key), protocol, protocol_port, ...changeable(spec) };
}

function changeable({ timeout_client_data, timeout_member_data, allowed_cidrs }: ListenerSpec) {
  return { timeout_client_data, timeout_member_data, allowed_cidrs };
}

/** Octavia tells a listener for everybody as one with null, or an empty list. */
function sorted(cidrs: readonly string[] | null): string[] {
  return [...(cidrs ?? [])].sort();
}

function observed(key: string, item: Listener, state?: Observed['state']): Observed<Listener> {
  return observedAs('listener', key, item, { ...balancerState(item), ...(state === undefined ? {} : { state }) });
}
