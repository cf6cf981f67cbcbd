/** Octavia: load balancers (https://docs.openstack.org/api-ref/load-balancer/v2/). */
import { collection, item, unlessMissing, type Collection, type Readable } from '../collection.ts';
import type { Call, CallOptions, Session } from '../session.ts';
import type * as b from './load-balancer-types.ts';

/** Octavia's own account of a provider: its name and a sentence. */
export interface Provider {
  readonly name: string;
  readonly description: string;
}

export interface LoadBalancerService {
  readonly loadBalancers: Omit<
    Collection<b.LoadBalancer, b.LoadBalancerCreate, b.LoadBalancerUpdate, b.BalancerFilter>,
    'delete'
  > & {
    /** With `cascade` all below it goes, too; without, a load balancer that has something below is an error of kind `in-use`. */
    readonly delete: (id: string, options?: CallOptions & { readonly cascade?: boolean }) => Promise<boolean>;
    readonly status: (id: string, options?: CallOptions) => Promise<b.StatusTree | undefined>;
  };
  readonly listeners: Collection<b.Listener, b.ListenerCreate, b.ListenerUpdate, b.BalancerFilter>;
  readonly pools: Collection<b.Pool, b.PoolCreate, b.PoolUpdate, b.BalancerFilter>;
  /** The members of one pool. */
  readonly members: (
    poolId: string,
  ) => Collection<b.Member, b.MemberCreate, b.MemberUpdate, Omit<b.BalancerFilter, 'loadbalancer_id'>>;
  readonly healthMonitors: Collection<
    b.HealthMonitor,
    b.HealthMonitorCreate,
    b.HealthMonitorUpdate,
    Omit<b.BalancerFilter, 'loadbalancer_id'> & { readonly pool_id?: string }
  >;
  readonly providers: Pick<Readable<Provider>, 'list'>;
  /** Limits of the project. Null or -1: none. */
  readonly quotas: (options?: CallOptions) => Promise<b.BalancerQuota>;
}

export function loadBalancerService(session: Session): LoadBalancerService {
  const service = 'load-balancer';
  const of = <Item, Create, Update, Filter extends object>(
    path: string,
    one: string,
  ): Collection<Item, Create, Update, Filter> =>
    collection(session, { service, path: `/lbaas/${path}`, one, many: `${one}s` });
  const balancer = (id: string): string => `/lbaas/loadbalancers/${encodeURIComponent(id)}`;
  return {
    loadBalancers: {
      ...of<b.LoadBalancer, b.LoadBalancerCreate, b.LoadBalancerUpdate, b.BalancerFilter>(
        'loadbalancers',
        'loadbalancer',
      ),
      delete: async (id, { cascade, ...options } = {}) => {
        const call: Call = { service, method: 'DELETE', path: balancer(id), query: { cascade } };
        return (await unlessMissing(session.request(call, options))) !== undefined;
      },
      status: async (id, options) => {
        const call: Call = { service, method: 'GET', path: `${balancer(id)}/status` };
        const answer = await unlessMissing(session.request(call, options));
        if (answer === undefined) return undefined;
        return item(
          call,
          item(call, answer.body, 'statuses', answer.status),
          'loadbalancer',
          answer.status,
        ) as b.StatusTree;
      },
    },
    listeners: of('listeners', 'listener'),
    pools: of('pools', 'pool'),
    members: (poolId) => of(`pools/${encodeURIComponent(poolId)}/members`, 'member'),
    healthMonitors: of('healthmonitors', 'healthmonitor'),
    providers: of('providers', 'provider'),
    quotas: async (options) => {
      const { project } = await session.token(options);
      const call: Call = { service, method: 'GET', path: `/lbaas/quotas/${encodeURIComponent(project?.id ?? '')}` };
      const { body, status } = await session.request(call, options);
      return item(call, body, 'quota', status) as b.BalancerQuota;
    },
  };
}
