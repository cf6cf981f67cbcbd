/** Octavia in memory. */
import { newBalancer, newChild } from './balancer-create.ts';
import { balancerOf, change, checkRole, checkUnlocked, family, found, immutable, invalid } from './balancer-lock.ts';
import { populatedBody, shownThing, statusTree, type BalancerKind } from './balancer-rows.ts';
import { octaviaError, textOf, type Reply, type Request, type Route } from './http.ts';
import type { Row } from './world.ts';

function removed(request: Request, kind: BalancerKind): Reply {
  const { world, query } = request;
  const row = found(request, kind, request.params.at(-1));
  const balancer = balancerOf(request, kind, row);
  // What failed can be deleted, and nothing else of it be changed.
  if (kind !== 'loadbalancer' || balancer['provisioning_status'] !== 'ERROR')
    checkUnlocked(balancer, (kind === 'loadbalancer' ? invalid : immutable)(balancer));
  const below = family(world, balancer);
  if (kind === 'loadbalancer' && below.length > 0 && query.get('cascade') !== 'true')
    throw octaviaError(400, `Validation failure: Cannot delete Load Balancer ${row.id} - it has children`);
  change(world, balancer, row, 'PENDING_DELETE', world.durations.change, () => {
    const gone =
      kind === 'loadbalancer'
        ? [...below]
        : kind === 'pool'
          ? below.filter(([, each]) => each['_parent'] === row.id)
          : [];
    for (const [of, each] of [...gone, [kind, row] as const]) world.remove(of, each.id);
    if (kind === 'loadbalancer') world.remove('port', String(row['vip_port_id']));
    for (const listener of world.all('listener'))
      if (listener['default_pool_id'] === row.id) listener['default_pool_id'] = null;
  });
  return { status: 204 };
}

/** Every filter must let it through. */
function passes(query: URLSearchParams, row: Row): boolean {
  return [...query].every(([key, value]) => {
    if (key === 'tags') return value.split(',').every((tag) => (row['tags'] as string[]).includes(tag));
    const own = key === 'loadbalancer_id' ? '_balancer' : key === 'pool_id' ? '_parent' : key;
    return key === 'limit' || textOf(row[own]) === value;
  });
}

function routesOf(kind: BalancerKind, path: string): Route[] {
  const one = (request: Request, row: Row, status: number): Reply => ({
    status,
    body: { [kind]: shownThing(request, kind, row) },
  });
  const own =
    (run: (request: Request) => Reply) =>
    (request: Request): Reply => {
      checkRole(request);
      return run(request);
    };
  const mine = (request: Request): Row[] =>
    request.world
      .all(kind)
      .filter(
        (row) =>
          row.project_id === request.user.projectId && (kind !== 'member' || row['_parent'] === request.params[0]),
      );
  return [
    {
      method: 'GET',
      path,
      run: own((request) => ({
        status: 200,
        body: {
          [`${kind}s`]: mine(request)
            .filter((row) => passes(request.query, row))
            .map((row) => shownThing(request, kind, row)),
        },
      })),
    },
    {
      method: 'GET',
      path: `${path}/*`,
      run: own((request) => one(request, found(request, kind, request.params.at(-1)), 200)),
    },
    {
      method: 'POST',
      path,
      run: own((request) => {
        if (kind !== 'loadbalancer') return one(request, newChild(request, kind), 201);
        const balancer = newBalancer(request);
        const isPopulated = family(request.world, balancer).length > 0;
        return isPopulated
          ? { status: 201, body: { [kind]: populatedBody(request, balancer) } }
          : one(request, balancer, 201);
      }),
    },
    {
      method: 'PUT',
      path: `${path}/*`,
      run: own((request) => {
        const row = found(request, kind, request.params.at(-1));
        const balancer = balancerOf(request, kind, row);
        checkUnlocked(balancer, (kind === 'loadbalancer' ? invalid : immutable)(balancer));
        Object.assign(row, request.body[kind]);
        change(request.world, balancer, row, 'PENDING_UPDATE', request.world.durations.change);
        return one(request, row, 200);
      }),
    },
    { method: 'DELETE', path: `${path}/*`, run: own((request) => removed(request, kind)) },
  ];
}

export const balancerRoutes: readonly Route[] = [
  ...routesOf('loadbalancer', '/v2.0/lbaas/loadbalancers'),
  ...routesOf('listener', '/v2.0/lbaas/listeners'),
  ...routesOf('pool', '/v2.0/lbaas/pools'),
  ...routesOf('member', '/v2.0/lbaas/pools/*/members'),
  ...routesOf('healthmonitor', '/v2.0/lbaas/healthmonitors'),
  {
    method: 'GET',
    path: '/v2.0/lbaas/loadbalancers/*/status',
    run: (request) => ({
      status: 200,
      body: { statuses: { loadbalancer: statusTree(request, found(request, 'loadbalancer', request.params[0])) } },
    }),
  },
];

/** What Octavia offers. */
export const balancerOffers: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2.0/lbaas/providers',
    run: () => ({ status: 200, body: { providers: [{ name: 'amphora', description: 'Octavia' }] } }),
  },
  {
    method: 'GET',
    path: '/v2.0/lbaas/quotas/*',
    run: ({ world }) => {
      const kinds = ['health_monitor', 'l7policy', 'l7rule', 'listener', 'load_balancer', 'member', 'pool'];
      const quota = Object.fromEntries(kinds.map((kind) => [kind, world.quotas.balancer[kind] ?? -1]));
      return { status: 200, body: { quota } };
    },
  },
];
