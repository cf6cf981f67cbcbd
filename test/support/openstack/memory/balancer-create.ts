/** What Octavia makes, and what it refuses to make. */
import { change, checkUnlocked, found, immutable } from './balancer-lock.ts';
import { newThing, type BalancerKind } from './balancer-rows.ts';
import { octaviaError, Refusal, textOf, type Request } from './http.ts';
import { newPort } from './network-rows.ts';
import type { Row, World } from './world.ts';

export function newBalancer(request: Request): Row {
  const { world } = request;
  const { listeners = [], ...given } = request.body['loadbalancer'] as Record<string, unknown> & {
    listeners?: Record<string, unknown>[];
  };
  if (
    given['vip_subnet_id'] === undefined &&
    given['vip_network_id'] === undefined &&
    given['vip_port_id'] === undefined
  )
    throw octaviaError(400, 'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.');
  if (given['provider'] !== undefined && given['provider'] !== 'amphora')
    throw octaviaError(400, `Provider '${textOf(given['provider'])}' is not enabled.`);
  const subnet = world.get('subnet', given['vip_subnet_id']);
  if (subnet === undefined) throw octaviaError(400, `Subnet ${String(given['vip_subnet_id'])} not found.`);
  const port = vipPort(request, subnet, given['vip_address']);
  const [{ ip_address }] = port['fixed_ips'] as [{ ip_address: string }];
  const vip = {
    vip_address: ip_address,
    vip_port_id: port.id,
    vip_subnet_id: subnet.id,
    vip_network_id: subnet['network_id'],
  };
  const row = newThing(request, 'loadbalancer', { ...given, ...vip });
  Object.assign(port, { name: `octavia-lb-${row.id}`, device_id: `lb-${row.id}` });
  for (const listener of listeners) populate(request, row, listener);
  change(world, row, row, 'PENDING_CREATE', world.durations.balancer);
  return row;
}

/** A taken address comes back as a fault of the provider. */
function vipPort(request: Request, subnet: Row, address: unknown): Row {
  const fixed_ips = [{ subnet_id: subnet.id, ...(address === undefined ? {} : { ip_address: address }) }];
  try {
    const port = newPort(request, {
      network_id: subnet['network_id'],
      fixed_ips,
      device_owner: 'Octavia',
      admin_state_up: false,
    });
    return request.world.add('port', port);
  } catch (error) {
    if (!(error instanceof Refusal) || error.reply.status !== 409) throw error;
    throw octaviaError(500, "Provider 'amphora' reports error: ConflictException: 409");
  }
}

function populate(request: Request, balancer: Row, { default_pool, ...given }: Record<string, unknown>): void {
  const {
    members = [],
    healthmonitor,
    ...rest
  } = (default_pool ?? {}) as Record<string, unknown> & { members?: Record<string, unknown>[] };
  const pool = default_pool === undefined ? undefined : newThing(request, 'pool', { ...rest, _balancer: balancer.id });
  newThing(request, 'listener', { ...given, default_pool_id: pool?.id ?? null, _balancer: balancer.id });
  const below = { _balancer: balancer.id, _parent: pool?.id };
  for (const member of members) newThing(request, 'member', { ...member, ...below });
  if (healthmonitor !== undefined) newThing(request, 'healthmonitor', { ...(healthmonitor as object), ...below });
}

/** What must be there, what must not, and where the new thing hangs. */
export function newChild(request: Request, kind: BalancerKind): Row {
  const { world, body, params } = request;
  const { loadbalancer_id, listener_id, pool_id, ...given } = body[kind] as Record<string, unknown>;
  const listener = listener_id === undefined ? undefined : found(request, 'listener', listener_id);
  const pool =
    kind === 'member'
      ? parentPool(request, params[0])
      : pool_id === undefined
        ? undefined
        : found(request, 'pool', pool_id);
  const balancer = found(request, 'loadbalancer', loadbalancer_id ?? (listener ?? pool)?.['_balancer']);
  checkGiven(world, kind, { ...given, balancer, listener, pool });
  checkUnlocked(balancer, immutable(balancer));
  const row = newThing(request, kind, { ...given, _balancer: balancer.id, _parent: pool?.id });
  if (listener !== undefined) listener['default_pool_id'] = row.id;
  change(world, balancer, row, 'PENDING_CREATE', world.durations.change);
  return row;
}

function parentPool(request: Request, id: unknown): Row {
  const pool = request.world.get('pool', id);
  if (pool === undefined)
    throw new Refusal(404, { code: 404, title: 'Bad Request', description: `Pool ${String(id)} not found.` });
  return pool;
}

interface Given extends Record<string, unknown> {
  readonly balancer: Row;
  readonly listener: Row | undefined;
  readonly pool: Row | undefined;
}

/** These are told before the lock is looked at. */
function checkGiven(world: World, kind: BalancerKind, { balancer, listener, pool, ...given }: Given): void {
  const siblings = world.all(kind);
  if (kind === 'listener') {
    const { protocol, protocol_port: port } = given;
    if (!PROTOCOLS.includes(String(protocol))) {
      const text = `Invalid input for field/attribute protocol. Value: '${String(protocol)}'. Value should be one of: ${PROTOCOLS.join(', ')}`;
      throw octaviaError(400, text);
    }
    if (siblings.some((each) => each['_balancer'] === balancer.id && each['protocol_port'] === port))
      throw octaviaError(
        409,
        `Another Listener on this Load Balancer is already using protocol ${String(protocol)} and protocol_port ${String(port)}`,
      );
  }
  if (kind === 'pool' && listener !== undefined && listener['default_pool_id'] !== null)
    throw octaviaError(409, 'This listener already has a default pool');
  const { address, protocol_port: port } = given;
  if (
    kind === 'member' &&
    siblings.some(
      (each) => each['_parent'] === pool?.id && each['address'] === address && each['protocol_port'] === port,
    )
  )
    throw octaviaError(
      409,
      `Another member on this pool is already using ip ${String(address)} on protocol_port ${String(port)}`,
    );
  if (kind === 'healthmonitor' && siblings.some((each) => each['_parent'] === pool?.id))
    throw octaviaError(409, 'This pool already has a health monitor');
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'PROMETHEUS', 'SCTP', 'TCP', 'TERMINATED_HTTPS', 'UDP'];
