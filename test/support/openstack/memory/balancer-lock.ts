/** Octavia in memory: one lock for a load balancer and all below it, which every change takes for a while. */
import type { BalancerKind } from './balancer-rows.ts';
import { octaviaError, type Refusal, type Request } from './http.ts';
import type { Row, World } from './world.ts';

const LABELS: Readonly<Record<BalancerKind, string>> = {
  loadbalancer: 'Load Balancer',
  listener: 'Listener',
  pool: 'Pool',
  member: 'Member',
  healthmonitor: 'Health Monitor',
};

/** The roles of Octavia's "advanced RBAC". */
export function checkRole({ user }: Request): void {
  if (!user.roles.includes('load-balancer_member') && !user.roles.includes('admin')) throw forbidden();
}

const forbidden = (): Refusal => octaviaError(403, 'Policy does not allow this request to be performed.');

export function found(request: Request, kind: BalancerKind, id: unknown): Row {
  const row = request.world.get(kind, id);
  if (row === undefined) throw octaviaError(404, `${LABELS[kind]} ${String(id)} not found.`);
  if (row.project_id !== request.user.projectId) throw forbidden();
  return row;
}

/** The load balancer and all below it. */
export function family(world: World, balancer: Row): [BalancerKind, Row][] {
  const kinds: BalancerKind[] = ['listener', 'pool', 'member', 'healthmonitor'];
  return kinds.flatMap((kind) =>
    world
      .all(kind)
      .filter(({ _balancer }) => _balancer === balancer.id)
      .map((row): [BalancerKind, Row] => [kind, row]),
  );
}

/** Takes the lock, and gives it back after a while with everything ACTIVE. */
export function change(
  world: World,
  balancer: Row,
  row: Row,
  status: string,
  milliseconds: number,
  done?: () => void,
): void {
  if (balancer !== row) balancer['provisioning_status'] = 'PENDING_UPDATE';
  row['provisioning_status'] = status;
  world.later(milliseconds, () => {
    done?.();
    const members = new Set(world.all('healthmonitor').map(({ _parent }) => _parent));
    for (const [kind, each] of [['loadbalancer', balancer] as [BalancerKind, Row], ...family(world, balancer)]) {
      each['provisioning_status'] = 'ACTIVE';
      if (kind !== 'member' || members.has(each['_parent'])) each['operating_status'] = 'ONLINE';
    }
  });
}

export function checkUnlocked(balancer: Row, text: (state: string) => string): void {
  const state = String(balancer['provisioning_status']);
  if (state !== 'ACTIVE') throw octaviaError(409, text(state));
}

export const immutable = (balancer: Row) => (): string =>
  `Load Balancer ${balancer.id} is immutable and cannot be updated.`;
export const invalid =
  (balancer: Row) =>
  (state: string): string =>
    `Invalid state ${state} of loadbalancer resource ${balancer.id}`;

export function balancerOf(request: Request, kind: BalancerKind, row: Row): Row {
  return kind === 'loadbalancer' ? row : found(request, 'loadbalancer', row['_balancer']);
}
