/** Neutron: networks and what hangs on them (https://docs.openstack.org/api-ref/network/v2/). */
import {
  bulk,
  collection,
  item,
  unlessMissing,
  type BulkCreatable,
  type Collection,
  type Readable,
} from '../collection.ts';
import type { Call, CallOptions, Session } from '../session.ts';
import type * as n from './network-types.ts';

/** Everything that has tags; the name is that of the API's path. */
export type Tagged = 'networks' | 'subnets' | 'routers' | 'security-groups' | 'ports' | 'floatingips';

type Described = { readonly name?: string; readonly description?: string };

export interface NetworkService {
  readonly networks: Collection<n.Network, n.NetworkCreate, n.NetworkCreate, n.NetworkQuery>;
  readonly subnets: Collection<n.Subnet, n.SubnetCreate, n.SubnetUpdate, n.SubnetQuery>;
  readonly routers: Collection<n.Router, n.RouterCreate, n.RouterUpdate, n.NetworkFilter> & RouterCalls;
  readonly securityGroups: Collection<n.SecurityGroup, n.SecurityGroupCreate, Described, n.NetworkFilter>;
  readonly securityGroupRules: Omit<
    Collection<n.SecurityGroupRule, n.SecurityGroupRuleCreate, never, n.SecurityGroupRuleQuery>,
    'update'
  > &
    BulkCreatable<n.SecurityGroupRule, n.SecurityGroupRuleCreate>;
  readonly ports: Collection<n.Port, n.PortCreate, n.PortUpdate, n.PortQuery>;
  readonly floatingIps: Collection<n.FloatingIp, n.FloatingIpCreate, n.FloatingIpUpdate, n.FloatingIpQuery>;
  readonly availabilityZones: Pick<Readable<{ name: string; resource: string; state: string }>, 'list'>;
  /** Aliases of the extensions that the cloud has. */
  readonly extensions: (options?: CallOptions) => Promise<readonly string[]>;
  /** Puts the tags of a thing in place of those it has. Tags are no part of the calls that create: see the README. */
  readonly setTags: (kind: Tagged, id: string, tags: readonly string[], options?: CallOptions) => Promise<void>;
  /** By kind: `network`, `subnet`, `router`, `port`, `security_group`, `security_group_rule`, `floatingip`, … */
  readonly quotas: (options?: CallOptions) => Promise<Readonly<Record<string, n.NetworkQuota>>>;
}

/** What one end of a router's interface is told by. */
export type RouterEnd = { readonly subnet_id: string } | { readonly port_id: string };

export interface RouterCalls {
  /** Gives the id of the port that the interface is. Its own error of kind `invalid` says when it is there already. */
  readonly addInterface: (id: string, end: RouterEnd, options?: CallOptions) => Promise<{ readonly port_id: string }>;
  /** False: there is none. */
  readonly removeInterface: (id: string, end: RouterEnd, options?: CallOptions) => Promise<boolean>;
}

export function networkService(session: Session): NetworkService {
  const service = 'network';
  const of = <Item, Create, Update, Filter extends object>(
    path: string,
    many: string,
  ): Collection<Item, Create, Update, Filter> =>
    collection(session, { service, path: `/${path}`, one: many.replace(/s$/, ''), many });
  const rules = of<n.SecurityGroupRule, n.SecurityGroupRuleCreate, never, n.SecurityGroupRuleQuery>(
    'security-group-rules',
    'security_group_rules',
  );
  const createRules = bulk<n.SecurityGroupRule, n.SecurityGroupRuleCreate>(session, {
    service,
    path: '/security-group-rules',
    many: 'security_group_rules',
  });
  const routers = of<n.Router, n.RouterCreate, n.RouterUpdate, n.NetworkFilter>('routers', 'routers');
  return {
    networks: of('networks', 'networks'),
    subnets: of('subnets', 'subnets'),
    routers: { ...routers, ...routerCalls(session) },
    securityGroups: of('security-groups', 'security_groups'),
    securityGroupRules: { ...rules, createMany: createRules },
    ports: of('ports', 'ports'),
    floatingIps: of('floatingips', 'floatingips'),
    availabilityZones: of('availability_zones', 'availability_zones'),
    extensions: async (options) => {
      const listed = await of<{ alias: string }, never, never, object>('extensions', 'extensions').list({}, options);
      return listed.map(({ alias }) => alias);
    },
    setTags: async (kind, id, tags, options) => {
      const path = `/${kind}/${encodeURIComponent(id)}/tags`;
      await session.request({ service, method: 'PUT', path, body: { tags } }, options);
    },
    quotas: async (options) => {
      const { project } = await session.token(options);
      const path = `/quotas/${encodeURIComponent(project?.id ?? '')}/details.json`;
      const call: Call = { service, method: 'GET', path };
      const { body, status } = await session.request(call, options);
      return item(call, body, 'quota', status) as Record<string, n.NetworkQuota>;
    },
  };
}

function routerCalls(session: Session): RouterCalls {
  const put = async (id: string, action: string, end: RouterEnd, options?: CallOptions): Promise<unknown> => {
    const path = `/routers/${encodeURIComponent(id)}/${action}`;
    const call: Call = { service: 'network', method: 'PUT', path, body: end, repeatable: false };
    const { body, status } = await session.request(call, options);
    return item(call, body, '', status);
  };
  return {
    addInterface: async (id, end, options) =>
      (await put(id, 'add_router_interface', end, options)) as { readonly port_id: string },
    removeInterface: async (id, end, options) =>
      (await unlessMissing(put(id, 'remove_router_interface', end, options))) !== undefined,
  };
}
