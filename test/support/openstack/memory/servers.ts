/** Servers in memory: what Nova refuses, where they go, and what it says of them. */
import { createHash } from 'node:crypto';
import { novaError, visible, type Reply, type Request } from './http.ts';
import { FLAVORS, IMAGES, type FlavorOffer } from './offers.ts';
import type { Row } from './world.ts';

export function seenServer({ world, user }: Request, id: unknown): Row {
  const row = world.get('server', id);
  if (row === undefined || row.project_id !== user.projectId)
    throw novaError(404, `Instance ${String(id)} could not be found.`);
  return row;
}

export function serverBody({ world }: Request, row: Row, whole: boolean): Record<string, unknown> {
  const { project_id, ...shown } = visible(row);
  const groups = world.all('server_group').filter(({ members }) => (members as string[]).includes(row.id));
  const ports = row['_isBuilt'] === true ? world.all('port').filter(({ device_id }) => device_id === row.id) : [];
  const addresses: Record<string, unknown[]> = {};
  for (const port of ports) {
    const network = String(world.get('network', port['network_id'])?.['name']);
    for (const { ip_address } of port['fixed_ips'] as { ip_address: string }[])
      (addresses[network] ??= []).push({
        addr: ip_address,
        version: 4,
        'OS-EXT-IPS:type': 'fixed',
        'OS-EXT-IPS-MAC:mac_addr': port['mac_address'],
      });
  }
  return {
    ...shown,
    tenant_id: project_id,
    addresses,
    ...(ports.length === 0 ? {} : { security_groups: [{ name: 'default' }] }),
    ...(whole ? { server_groups: groups.map(({ id }) => id) } : {}),
  };
}

interface Given extends Record<string, unknown> {
  readonly flavorRef?: string;
  readonly imageRef?: string;
  readonly min_count?: number;
  readonly networks?: string | { port: string }[];
  readonly block_device_mapping_v2?: { uuid?: string; source_type: string; delete_on_termination?: boolean }[];
}

export function newServer(request: Request): Reply {
  const { world, body, user } = request;
  const given = body['server'] as Given;
  const hints = body['OS-SCH-HNT:scheduler_hints'] as { group?: string } | undefined;
  const flavor = checked(request, given);
  const group = hints?.group === undefined ? undefined : world.get('server_group', hints.group);
  if (hints?.group !== undefined && group === undefined)
    throw novaError(400, `Instance group ${hints.group} could not be found.`);
  checkServerQuota(request, flavor, given.min_count ?? 1);
  const ports = portsOf(request, given);
  const id = world.newId();
  const zone = given['availability_zone'] as string | undefined;
  const row = world.add('server', {
    id,
    project_id: user.projectId,
    name: given['name'],
    status: 'BUILD',
    description: given['description'] ?? null,
    tags: given['tags'] ?? [],
    metadata: given['metadata'] ?? {},
    flavor: {
      original_name: flavor.name,
      vcpus: flavor.vcpus,
      ram: flavor.ram,
      disk: flavor.disk,
      ephemeral: 0,
      extra_specs: {},
    },
    image: given.imageRef === undefined ? '' : { id: given.imageRef },
    key_name: given['key_name'] ?? null,
    hostId: '',
    config_drive: given['config_drive'] === true ? 'True' : '',
    created: world.date(),
    'OS-EXT-AZ:availability_zone': zone ?? '',
    'OS-EXT-STS:task_state': 'scheduling',
    'OS-EXT-STS:vm_state': 'building',
    'os-extended-volumes:volumes_attached': [],
    _userData: given['user_data'],
  });
  if (group !== undefined) (group['members'] as string[]).push(id);
  for (const port of ports)
    Object.assign(port, { device_id: id, device_owner: `compute:${zone ?? world.zones[0] ?? 'nova'}` });
  const host = hostFor(request, group, zone, id);
  world.later(world.durations.server, () => build(request, row, host, given));
  return { status: 202, body: { server: { id, security_groups: [{ name: 'default' }] } } };
}

/** The first refusals, in Nova's order. */
function checked(request: Request, given: Given): FlavorOffer {
  const { world } = request;
  const userData = (given['user_data'] ?? '') as string;
  const input = (field: string, value: string, why: string): Error =>
    novaError(400, `Invalid input for field/attribute ${field}. Value: ${value}. ${why}`);
  if (given.flavorRef === undefined)
    throw input('server', `{'name': '${String(given['name'])}'}`, "'flavorRef' is a required property");
  if (userData.length > 65535) throw input('user_data', userData, `'${userData}' is too long`);
  if (!/^[A-Za-z0-9+/\n]*={0,2}\n?$/.test(userData))
    throw input('user_data', userData, `'${userData}' is not a 'base64'`);
  const zone = given['availability_zone'] as string | undefined;
  if (zone !== undefined && !world.zones.includes(zone))
    throw novaError(400, 'The requested availability zone is not available');
  const { imageRef, flavorRef } = given;
  if (imageRef !== undefined && !IMAGES.some(({ id }) => id === imageRef))
    throw novaError(400, `Can not find requested image`);
  const flavor = FLAVORS.find(({ id }) => id === flavorRef);
  if (flavor === undefined) throw novaError(400, `Flavor ${flavorRef} could not be found.`);
  const key = given['key_name'] as string | undefined;
  const isKnown = world.all('keypair').some((each) => each['name'] === key && each['_user'] === request.user.id);
  if (key !== undefined && !isKnown) throw novaError(400, 'Invalid key_name provided.');
  return flavor;
}

function portsOf({ world }: Request, { networks }: Given): Row[] {
  const ids = Array.isArray(networks) ? networks.map(({ port }) => port) : [];
  return ids.map((id) => {
    const port = world.get('port', id);
    if (port === undefined) throw novaError(400, `Port id ${id} could not be found.`);
    if (port['device_id'] !== '') throw novaError(409, `Port ${id} is still in use.`);
    return port;
  });
}

function used({ world, user }: Pick<Request, 'world' | 'user'>): { instances: number; cores: number; ram: number } {
  const flavors = world
    .all('server')
    .filter(({ project_id }) => project_id === user.projectId)
    .map(({ flavor }) => flavor as FlavorOffer);
  const sum = (key: 'vcpus' | 'ram'): number => flavors.reduce((total, flavor) => total + flavor[key], 0);
  return { instances: flavors.length, cores: sum('vcpus'), ram: sum('ram') };
}

function checkServerQuota(request: Request, flavor: FlavorOffer, count: number): void {
  const held = used(request);
  const wanted = { instances: count, cores: count * flavor.vcpus, ram: count * flavor.ram };
  for (const name of ['cores', 'instances', 'ram'] as const) {
    const limit = request.world.quotas[name];
    if (limit < 0 || held[name] + wanted[name] <= limit) continue;
    const have = `Requested ${String(wanted[name])}, but already used ${String(held[name])} of ${String(limit)} ${name}`;
    throw novaError(403, `Quota exceeded for ${name}: ${have}`);
  }
}

/** Every zone has one host; of a group with hard anti-affinity each host takes one server. */
function hostFor(
  { world }: Request,
  group: Row | undefined,
  zone: string | undefined,
  own: string,
): string | undefined {
  const hosts = zone === undefined ? world.zones : [zone];
  if (group?.['policy'] !== 'anti-affinity' && group?.['policy'] !== 'soft-anti-affinity') return hosts[0];
  const members = (group['members'] as string[]).filter((id) => id !== own);
  const taken = members.flatMap((id) => world.get('server', id)?.['_host'] ?? []);
  const free = hosts.find((host) => !taken.includes(host));
  const host = free ?? (group['policy'] === 'soft-anti-affinity' ? hosts[0] : undefined);
  const row = world.get('server', own);
  if (row !== undefined) row['_host'] = host;
  return host;
}

function build({ world }: Request, row: Row, host: string | undefined, given: Given): void {
  if (host === undefined) {
    const message = 'No valid host was found. There are not enough hosts available.';
    Object.assign(row, {
      status: 'ERROR',
      'OS-EXT-STS:vm_state': 'error',
      'OS-EXT-STS:task_state': null,
      'OS-EXT-AZ:availability_zone': '',
      fault: { code: 500, created: world.date(), message },
    });
    for (const port of world.all('port'))
      if (port['device_id'] === row.id) Object.assign(port, { device_id: '', device_owner: '' });
    return;
  }
  const volumes = (given.block_device_mapping_v2 ?? []).filter(({ source_type }) => source_type === 'volume');
  Object.assign(row, {
    status: 'ACTIVE',
    'OS-EXT-STS:vm_state': 'active',
    'OS-EXT-STS:task_state': null,
    'OS-EXT-AZ:availability_zone': host,
    hostId: createHash('sha224').update(`${row.project_id}${host}`).digest('hex'),
    'os-extended-volumes:volumes_attached': volumes.map(({ uuid, delete_on_termination = false }) => ({
      id: uuid,
      delete_on_termination,
    })),
    _isBuilt: true,
  });
  for (const { uuid, delete_on_termination } of volumes) {
    const volume = world.get('volume', uuid);
    if (volume === undefined) continue;
    const attachment = {
      id: volume.id,
      volume_id: volume.id,
      server_id: row.id,
      attachment_id: world.newId(),
      device: '/dev/sda',
    };
    Object.assign(volume, { status: 'in-use', attachments: [attachment], _goes: delete_on_termination });
  }
  for (const port of world.all('port'))
    if (port['device_id'] === row.id) Object.assign(port, { device_owner: `compute:${host}`, status: 'ACTIVE' });
}

export function serverLimits(request: Request): Record<string, number> {
  const { instances, cores, ram, server_groups, key_pairs } = request.world.quotas;
  const held = used(request);
  const groups = request.world
    .all('server_group')
    .filter(({ project_id }) => project_id === request.user.projectId).length;
  return {
    maxServerGroupMembers: 10,
    maxServerGroups: server_groups,
    maxServerMeta: 128,
    maxTotalCores: cores,
    maxTotalInstances: instances,
    maxTotalKeypairs: key_pairs,
    maxTotalRAMSize: ram,
    totalCoresUsed: held.cores,
    totalInstancesUsed: held.instances,
    totalRAMUsed: held.ram,
    totalServerGroupsUsed: groups,
  };
}
