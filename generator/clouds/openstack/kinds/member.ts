import { CloudError, type Member } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
import type { MemberSpec } from '../specs.ts';
import { differs, marked, observedAs, taggedAsDescribed, withMark, type KindCalls } from './kind.ts';
import { balancerSettled, balancerState } from './load-balancer.ts';

/** A member, and the pool that it is found by. */
interface PoolMember extends Member {
  readonly pool: string;
}

/** Members of the cluster's pools. */
export const member: KindCalls<'member', PoolMember> = {
  list: async ({ cloud, cluster }, found) => {
    const pools = (await found('pool')).map(({ id }) => id);
    const lists = await Promise.all(
      pools.map(async (pool) => (await cloud.loadBalancer.members(pool).list()).map((item) => ({ ...item, pool }))),
    );
    return marked(cluster, 'member', lists.flat().map(taggedAsDescribed), observed);
  },
  differences: ({ spec }, item) => [
    ...differs('pool', item.pool, spec.pool),
    ...differs('address', item.address, spec.address),
    ...differs('protocol_port', item.protocol_port, spec.protocol_port),
  ],
  create: async (desired, at) => {
    const { cloud, cluster, signal } = at;
    const { key, spec } = desired;
    const [pool, balancer] = [spec.pool, spec.load_balancer];
    const description = markOf(cluster, key);
    const body = memberBody(desired, cluster);
    const find = async (): Promise<Member | undefined> =>
      withMark((await cloud.loadBalancer.members(pool).list()).map(taggedAsDescribed), description);
    const make = async (): Promise<Member> => {
      try {
        return await cloud.loadBalancer.members(pool).create(body, { existing: find, signal });
      } catch (error) {
        const earlier = error instanceof CloudError && error.kind === 'exists' ? await find() : undefined;
        if (earlier === undefined) throw error;
        return earlier;
      }
    };
    const item = await make();
    await balancerSettled(balancer, key, at);
    return observed(key, { ...item, pool }, 'ready');
  },
  remove: async ({ id, item }, { cloud, signal }) => {
    await cloud.loadBalancer.members(item.pool).delete(id, { signal });
  },
};

/** Without the pool. */
export function memberBody({ key, name, spec }: Desired<Filled<MemberSpec>>, cluster: string) {
  const { address, protocol_port, subnet } = spec;
  return { name, tags: [markOf(cluster, key)], address, protocol_port, subnet_id: subnet };
}

function observed(key: string, item: PoolMember, state?: Observed['state']): Observed<PoolMember> {
  return observedAs('member', key, item, { ...balancerState(item), ...(state === undefined ? {} : { state }) });
}
