/** Nova in memory. */
import { novaError, type Reply, type Request, type Route } from './http.ts';
import { flavorBody, FLAVORS } from './offers.ts';
import { newServer, seenServer, serverBody, serverLimits } from './servers.ts';
import { attachVolume, detachVolume, listAttachments } from './attachments.ts';
import { groupRoutes } from './server-groups.ts';
import type { Row } from './world.ts';

const one = (request: Request, row: Row): Reply => ({ status: 200, body: { server: serverBody(request, row, true) } });
const server = (request: Request): Row => seenServer(request, request.params[0]);

export const computeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2.1/',
    run: () => ({ status: 200, body: { version: { id: 'v2.1', min_version: '2.1', version: '2.100' } } }),
  },
  {
    method: 'GET',
    path: '/v2.1/flavors/detail',
    run: () => ({ status: 200, body: { flavors: FLAVORS.map(flavorBody) } }),
  },
  {
    method: 'GET',
    path: '/v2.1/flavors/*',
    run: ({ params: [id = ''] }) => {
      const found = FLAVORS.find((flavor) => flavor.id === id);
      if (found === undefined) throw novaError(404, `Flavor ${id} could not be found.`);
      return { status: 200, body: { flavor: flavorBody(found) } };
    },
  },
  {
    method: 'GET',
    path: '/v2.1/os-availability-zone',
    run: ({ world }) => ({
      status: 200,
      body: { availabilityZoneInfo: world.zones.map((zoneName) => ({ zoneName, zoneState: { available: true } })) },
    }),
  },
  {
    method: 'GET',
    path: '/v2.1/limits',
    run: (request) => ({ status: 200, body: { limits: { absolute: serverLimits(request) } } }),
  },
  ...groupRoutes,
  {
    method: 'GET',
    path: '/v2.1/servers',
    run: (request) => ({
      status: 200,
      body: { servers: listed(request).map(({ id, name }) => ({ id, name: name as string })) },
    }),
  },
  {
    method: 'GET',
    path: '/v2.1/servers/detail',
    run: (request) => ({
      status: 200,
      body: { servers: listed(request).map((row) => serverBody(request, row, false)) },
    }),
  },
  { method: 'GET', path: '/v2.1/servers/*', run: (request) => one(request, server(request)) },
  { method: 'POST', path: '/v2.1/servers', run: newServer },
  {
    method: 'PUT',
    path: '/v2.1/servers/*',
    run: (request) => one(request, Object.assign(server(request), request.body['server'])),
  },
  {
    method: 'DELETE',
    path: '/v2.1/servers/*',
    run: (request) => {
      const row = server(request);
      row['OS-EXT-STS:task_state'] = 'deleting';
      request.world.later(request.world.durations.change, () => release(request, row));
      return { status: 204 };
    },
  },
  { method: 'POST', path: '/v2.1/servers/*/action', run: act },
  {
    method: 'POST',
    path: '/v2.1/servers/*/metadata',
    run: (request) => {
      const row = server(request);
      row['metadata'] = { ...(row['metadata'] as object), ...(request.body['metadata'] as object) };
      return { status: 200, body: { metadata: row['metadata'] } };
    },
  },
  {
    method: 'GET',
    path: '/v2.1/servers/*/os-interface',
    run: (request) => {
      const ports = request.world.all('port').filter(({ device_id }) => device_id === server(request).id);
      const interfaceAttachments = ports.map((port) => ({
        fixed_ips: port['fixed_ips'],
        mac_addr: port['mac_address'],
        net_id: port['network_id'],
        port_id: port.id,
        port_state: port['status'],
        tag: null,
      }));
      return { status: 200, body: { interfaceAttachments } };
    },
  },
  { method: 'GET', path: '/v2.1/servers/*/os-volume_attachments', run: listAttachments },
  { method: 'POST', path: '/v2.1/servers/*/os-volume_attachments', run: attachVolume },
  { method: 'DELETE', path: '/v2.1/servers/*/os-volume_attachments/*', run: detachVolume },
];

/** Ports outlive their server, and so do volumes that are not to go with it. */
function release({ world }: Request, row: Row): void {
  for (const port of world.all('port'))
    if (port['device_id'] === row.id) Object.assign(port, { device_id: '', device_owner: '', status: 'DOWN' });
  for (const volume of world.all('volume')) {
    const own = (volume['attachments'] as { server_id: string }[]).some(({ server_id }) => server_id === row.id);
    if (own && volume['_goes'] === true) world.remove('volume', volume.id);
    else if (own) Object.assign(volume, { attachments: [], status: 'available' });
  }
  for (const group of world.all('server_group'))
    group['members'] = (group['members'] as string[]).filter((id) => id !== row.id);
  world.remove('server', row.id);
}

const CONSOLE = 'FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE';

function act(request: Request): Reply {
  const { world, body } = request;
  const row = server(request);
  if ('os-getConsoleOutput' in body) {
    const { length } = body['os-getConsoleOutput'] as { length?: number };
    const lines = ((row['_console'] ?? CONSOLE) as string).split('\n');
    return { status: 200, body: { output: lines.slice(length === undefined ? 0 : -length).join('\n') } };
  }
  const [action, from, to, status] =
    'os-stop' in body ? ['stop', 'active', 'stopped', 'SHUTOFF'] : ['start', 'stopped', 'active', 'ACTIVE'];
  const state = String(row['OS-EXT-STS:vm_state']);
  if (state !== from) throw novaError(409, `Cannot '${action}' instance ${row.id} while it is in vm_state ${state}`);
  world.later(world.durations.change, () => Object.assign(row, { 'OS-EXT-STS:vm_state': to, status }));
  return { status: 202 };
}

/** The servers of the project that every filter lets through. */
function listed({ world, query, user }: Request): Row[] {
  const [tags, name] = [query.get('tags'), query.get('name')];
  return world
    .all('server')
    .filter(
      (row) =>
        row.project_id === user.projectId &&
        (tags === null || tags.split(',').every((tag) => (row['tags'] as string[]).includes(tag))) &&
        (name === null || new RegExp(name).test(String(row['name']))) &&
        (query.get('status') ?? row['status']) === row['status'],
    );
}
