/** Neutron in memory. */
import { neutronError, textOf, visible, type Reply, type Request, type Route } from './http.ts';
import { changedPort, newNetwork, newPort, newSubnet } from './network-rows.ts';
import { checkQuota, seen } from './resources.ts';
import { newFloatingIp, changedFloatingIp } from './floating-ips.ts';
import { addInterface, changedRouter, newRouter, removeInterface } from './routers.ts';
import { defaultGroup, newGroup, newRule, newRules, rulesOf } from './security-groups.ts';
import type { Kind, Row } from './world.ts';

interface Resource {
  readonly kind: Kind;
  readonly path: string;
  readonly create: (request: Request) => Row;
  /** Several in one call, of those that the product makes so. */
  readonly createMany?: (request: Request) => Row[];
  readonly change?: (request: Request, row: Row, changes: Record<string, unknown>) => Record<string, unknown>;
  /** Throws what stands in the way, and takes away what goes with it. */
  readonly remove: (request: Request, row: Row) => void;
}

const RESOURCES: readonly Resource[] = [
  { kind: 'network', path: 'networks', create: newNetwork, remove: removeNetwork },
  { kind: 'subnet', path: 'subnets', create: newSubnet, remove: removeSubnet },
  { kind: 'router', path: 'routers', create: newRouter, change: changedRouter, remove: removeRouter },
  { kind: 'security_group', path: 'security-groups', create: newGroup, remove: removeGroup },
  {
    kind: 'security_group_rule',
    path: 'security-group-rules',
    create: (request) => newRule(request),
    createMany: newRules,
    remove: () => undefined,
  },
  {
    kind: 'port',
    path: 'ports',
    create: (request) => newPort(request, request.body['port'] as Record<string, unknown>),
    change: changedPort,
    remove: removePort,
  },
  {
    kind: 'floatingip',
    path: 'floatingips',
    create: newFloatingIp,
    change: changedFloatingIp,
    remove: () => undefined,
  },
];

const shown = (request: Request, kind: Kind, row: Row): Record<string, unknown> => ({
  ...visible(row),
  ...(kind === 'security_group' ? { security_group_rules: rulesOf(request.world, row.id) } : {}),
});

export const networkRoutes: readonly Route[] = [
  ...RESOURCES.flatMap(({ kind, path, create, createMany, change, remove }): Route[] => {
    const one = (request: Request, row: Row, status: number): Reply => ({
      status,
      body: { [kind]: shown(request, kind, row) },
    });
    const seenRow = (request: Request): Row => seen(request, kind, request.params[0]);
    return [
      {
        method: 'GET',
        path: `/v2.0/${path}`,
        run: (request) => {
          if (kind === 'security_group') defaultGroup(request);
          const rows = request.world
            .all(kind)
            .filter((row) => isOurs(request, kind, row) && passes(request.query, row));
          return { status: 200, body: { [`${kind}s`]: rows.map((row) => shown(request, kind, row)) } };
        },
      },
      { method: 'GET', path: `/v2.0/${path}/*`, run: (request) => one(request, seenRow(request), 200) },
      {
        method: 'POST',
        path: `/v2.0/${path}`,
        run: (request) => {
          if (createMany !== undefined && `${kind}s` in request.body) {
            const rows = createMany(request);
            checkQuota(request, kind, rows.length);
            for (const row of rows) request.world.add(kind, row);
            return { status: 201, body: { [`${kind}s`]: rows.map((row) => shown(request, kind, row)) } };
          }
          const row = create(request);
          checkQuota(request, kind);
          request.world.add(kind, row);
          return one(request, row, 201);
        },
      },
      {
        method: 'PUT',
        path: `/v2.0/${path}/*`,
        run: (request) => {
          const row = seenRow(request);
          const changes = request.body[kind] as Record<string, unknown>;
          Object.assign(row, change?.(request, row, changes) ?? changes);
          return one(request, row, 200);
        },
      },
      {
        method: 'DELETE',
        path: `/v2.0/${path}/*`,
        run: (request) => {
          const row = seenRow(request);
          remove(request, row);
          request.world.remove(kind, row.id);
          return { status: 204 };
        },
      },
      {
        method: 'PUT',
        path: `/v2.0/${path}/*/tags`,
        run: (request) => {
          const tags = [...(request.body['tags'] as string[])].sort();
          seenRow(request)['tags'] = tags;
          return { status: 200, body: { tags } };
        },
      },
    ];
  }),
  { method: 'PUT', path: '/v2.0/routers/*/add_router_interface', run: addInterface },
  { method: 'PUT', path: '/v2.0/routers/*/remove_router_interface', run: removeInterface },
  { method: 'GET', path: '/v2.0/availability_zones', run: () => ({ status: 200, body: { availability_zones: [] } }) },
  {
    method: 'GET',
    path: '/v2.0/extensions',
    run: () => ({ status: 200, body: { extensions: EXTENSIONS.map((alias) => ({ alias })) } }),
  },
  {
    method: 'GET',
    path: '/v2.0/quotas/*/details.json',
    run: ({ world, user }) => {
      const used = (kind: string): number =>
        world.all(kind as Kind).filter(({ project_id }) => project_id === user.projectId).length;
      const quota = Object.entries(world.quotas.network).map(([kind, limit]) => [
        kind,
        { limit, used: used(kind), reserved: 0 },
      ]);
      return { status: 200, body: { quota: Object.fromEntries(quota) as unknown } };
    },
  },
];

/** Those that somebody may ask for. */
const EXTENSIONS = [
  'router',
  'security-group',
  'allowed-address-pairs',
  'standard-attr-tag',
  'standard-attr-description',
  'quota_details',
];

function isOurs({ user }: Request, kind: Kind, row: Row): boolean {
  return (
    row.project_id === user.projectId ||
    user.name === 'admin' ||
    (kind === 'network' && row['router:external'] === true)
  );
}

/** Every filter must let it through; `tags` and `fixed_ips` have ways of their own. */
function passes(query: URLSearchParams, row: Row): boolean {
  return [...query].every(([key, value]) => {
    if (key === 'tags') return value.split(',').every((tag) => (row['tags'] as string[]).includes(tag));
    if (key === 'fixed_ips') {
      const [field = '', wanted] = value.split('=');
      return (row['fixed_ips'] as Record<string, string>[]).some((each) => each[field] === wanted);
    }
    return key === 'limit' || textOf(row[key]) === value;
  });
}

/** Ports on which a network may be deleted: it takes them with it. */
const OWN = ['network:dhcp', 'network:distributed'];

function removeNetwork({ world }: Request, network: Row): void {
  const ports = world
    .all('port')
    .filter(({ network_id, device_owner }) => network_id === network.id && !OWN.includes(String(device_owner)));
  const ids = ports.map(({ id }) => id).join(', ');
  const text = `There are one or more ports still in use on the network, id for these ports is: ${ids}.`;
  if (ids !== '')
    throw neutronError(409, 'NetworkInUse', `Unable to complete operation on network ${network.id}. ${text}`);
  for (const subnet of world.all('subnet')) if (subnet['network_id'] === network.id) world.remove('subnet', subnet.id);
}

function removeSubnet({ world }: Request, subnet: Row): void {
  const isUsed = world
    .all('port')
    .some(({ fixed_ips }) => (fixed_ips as { subnet_id: string }[]).some(({ subnet_id }) => subnet_id === subnet.id));
  const text = 'One or more ports have an IP allocation from this subnet.';
  if (isUsed) throw neutronError(409, 'SubnetInUse', `Unable to complete operation on subnet ${subnet.id}: ${text}`);
  const network = world.get('network', subnet['network_id']);
  if (network !== undefined) network['subnets'] = (network['subnets'] as string[]).filter((id) => id !== subnet.id);
}

function removeRouter({ world }: Request, router: Row): void {
  const ports = world
    .all('port')
    .filter(({ device_id }) => device_id === router.id)
    .map(({ id }) => id);
  if (ports.length > 0)
    throw neutronError(409, 'RouterInUse', `Router ${router.id} has ports still attached: ${ports.join(', ')}`);
}

function removeGroup({ world }: Request, group: Row): void {
  const isUsed = world.all('port').some(({ security_groups }) => (security_groups as string[]).includes(group.id));
  if (isUsed) throw neutronError(409, 'SecurityGroupInUse', `Security Group ${group.id} in use.`);
  for (const rule of world.all('security_group_rule'))
    if (rule['security_group_id'] === group.id) world.remove('security_group_rule', rule.id);
}

function removePort({ world }: Request, port: Row): void {
  const owner = String(port['device_owner']);
  if (owner === 'network:router_interface') {
    const text = `has device owner ${owner}`;
    throw neutronError(
      409,
      'ServicePortInUse',
      `Port ${port.id} cannot be deleted directly via the port API: ${text}.`,
    );
  }
  for (const address of world.all('floatingip'))
    if (address['port_id'] === port.id)
      Object.assign(address, { port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN' });
}
