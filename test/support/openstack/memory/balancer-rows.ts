/** What Octavia says of each kind of thing when it is made. */
import { visible, type Request } from './http.ts';
import type { Kind, Row } from './world.ts';

export type BalancerKind = Extract<Kind, 'loadbalancer' | 'listener' | 'pool' | 'member' | 'healthmonitor'>;

const DEFAULTS: Readonly<Record<BalancerKind, Readonly<Record<string, unknown>>>> = {
  loadbalancer: {
    description: '',
    availability_zone: null,
    flavor_id: null,
    operating_status: 'OFFLINE',
    provider: 'amphora',
  },
  listener: {
    description: '',
    allowed_cidrs: null,
    connection_limit: -1,
    default_pool_id: null,
    operating_status: 'OFFLINE',
    timeout_client_data: 50000,
    timeout_member_connect: 5000,
    timeout_member_data: 50000,
    timeout_tcp_inspect: 0,
  },
  pool: { description: '', operating_status: 'OFFLINE', session_persistence: null },
  member: {
    backup: false,
    monitor_address: null,
    monitor_port: null,
    operating_status: 'NO_MONITOR',
    subnet_id: null,
    weight: 1,
  },
  healthmonitor: {
    domain_name: null,
    expected_codes: null,
    http_method: null,
    http_version: null,
    max_retries_down: 3,
    operating_status: 'OFFLINE',
    url_path: null,
  },
};

/** A new thing of a load balancer; `_balancer` and `_parent` are the cloud's own. */
export function newThing(
  { world, user }: Pick<Request, 'world' | 'user'>,
  kind: BalancerKind,
  given: Readonly<Record<string, unknown>>,
): Row {
  return world.add(kind, {
    admin_state_up: true,
    created_at: world.date().slice(0, 19),
    name: '',
    tags: [],
    ...DEFAULTS[kind],
    ...given,
    id: world.newId(),
    project_id: user.projectId,
    provisioning_status: 'PENDING_CREATE',
  });
}

/** A thing as its API gives it, with what is below and above it. */
export function shownThing({ world }: Pick<Request, 'world'>, kind: BalancerKind, row: Row): Record<string, unknown> {
  const below = (of: BalancerKind, key: string): { id: string }[] =>
    world
      .all(of)
      .filter((each) => each[key] === row.id)
      .map(({ id }) => ({ id }));
  const plain = visible(row);
  const balancer = [{ id: row['_balancer'] }];
  switch (kind) {
    case 'loadbalancer':
      return { ...plain, listeners: below('listener', '_balancer'), pools: below('pool', '_balancer') };
    case 'listener':
      return { ...plain, loadbalancers: balancer };
    case 'pool':
      return {
        ...plain,
        members: below('member', '_parent'),
        ...below('healthmonitor', '_parent').reduce((_none, { id }) => ({ healthmonitor_id: id }), {}),
        listeners: below('listener', 'default_pool_id'),
        loadbalancers: balancer,
      };
    case 'member':
      return plain;
    case 'healthmonitor':
      return { ...plain, pools: [{ id: row['_parent'] }] };
  }
}

/** The answer to the call that makes a load balancer and all below it: everything as a whole, in its place. */
export function populatedBody({ world }: Pick<Request, 'world'>, balancer: Row): Record<string, unknown> {
  const below = (kind: BalancerKind, key: string, id: string): Row[] =>
    world.all(kind).filter((row) => row[key] === id);
  const pools = below('pool', '_balancer', balancer.id).map((pool) => ({
    ...visible(pool),
    listeners: below('listener', 'default_pool_id', pool.id).map(({ id }) => ({ id })),
    members: below('member', '_parent', pool.id).map(visible),
    ...below('healthmonitor', '_parent', pool.id).reduce((_none, monitor) => ({ healthmonitor: visible(monitor) }), {}),
  }));
  return { ...visible(balancer), listeners: below('listener', '_balancer', balancer.id).map(visible), pools };
}

/** The tree of statuses. */
export function statusTree(request: Pick<Request, 'world'>, balancer: Row): unknown {
  const { world } = request;
  const node = (row: Row, ...keys: string[]): Record<string, unknown> =>
    Object.fromEntries(
      ['id', 'name', 'operating_status', 'provisioning_status', ...keys].map((key) => [key, row[key]]),
    );
  const pool = (row: Row): unknown => {
    const monitor = world.all('healthmonitor').find(({ _parent }) => _parent === row.id);
    const members = world.all('member').filter(({ _parent }) => _parent === row.id);
    return {
      ...node(row),
      members: members.map((member) => node(member, 'address', 'protocol_port')),
      ...(monitor === undefined ? {} : { health_monitor: node(monitor, 'type') }),
    };
  };
  const pools = world.all('pool').filter(({ _balancer }) => _balancer === balancer.id);
  const listeners = world.all('listener').filter(({ _balancer }) => _balancer === balancer.id);
  return {
    ...node(balancer),
    listeners: listeners.map((each) => ({
      ...node(each),
      pools: pools.filter(({ id }) => id === each['default_pool_id']).map(pool),
    })),
  };
}
