import type { BlockDevice, Server, ServerCreate, ServerGroup } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { keyInMetadata, marksOf, USER_DATA_MARK } from '../marks.ts';
import type { ServerSpec } from '../specs.ts';
import { differs, type Applying, type KindCalls, type Surroundings } from './kind.ts';
import { gone, settled, type Expected } from './settle.ts';

/** Nova's servers. What a server was made with cannot be changed: another one takes its place, port and volume. */
export const server: KindCalls<'server', Server> = {
  list: async ({ cloud, cluster }, found) => {
    const [all, serverGroups] = await Promise.all([cloud.compute.servers.list(), found('server-group')]);
    const groups = serverGroups as readonly Observed<ServerGroup>[];
    return all.flatMap((item) => {
      const key = keyInMetadata(cluster, item.metadata);
      // A list of servers does not tell their groups (Nova API, "List Servers Detailed").
      const server_groups = groups.filter((group) => group.item.members.includes(item.id)).map(({ id }) => id);
      return key === undefined ? [] : [observed(key, { ...item, server_groups })];
    });
  },
  differences: ({ node, spec }, item, { payloadOf }) => {
    const payload = payloadOf(node ?? '');
    const groups = item.server_groups ?? [];
    const attached = item['os-extended-volumes:volumes_attached'].map(({ id }) => id);
    return [
      ...(spec.boot_volume === undefined ? differs('image', item.image === '' ? '' : item.image.id, spec.image) : []),
      ...differs('flavor', item.flavor.original_name, spec.flavor_name),
      ...(spec.availability_zone === undefined
        ? []
        : differs('availability_zone', item['OS-EXT-AZ:availability_zone'], spec.availability_zone)),
      ...(spec.server_group === undefined || groups.includes(spec.server_group)
        ? []
        : differs('server_group', groups[0], spec.server_group)),
      ...spec.volumes.flatMap((volume) =>
        attached.includes(volume) ? [] : differs('volume', undefined, volume, 'update'),
      ),
      ...(payload === undefined ? [] : differs('user data', item.metadata[USER_DATA_MARK], payload.sha256)),
    ];
  },
  create: async (desired, at) => {
    const { cloud, cluster, signal } = at;
    const { key, spec } = desired;
    const existing = async (): Promise<{ id: string } | undefined> =>
      (await cloud.compute.servers.list()).find((item) => keyInMetadata(cluster, item.metadata) === key);
    const hints = spec.server_group === undefined ? {} : { hints: { group: spec.server_group } };
    const { id } = await cloud.compute.servers.create(body(desired, at), { existing, signal, ...hints });
    return built(key, id, at, { isBegun: true });
  },
  update: async ({ key, spec }, { id, item }, _differences, at) => {
    const attached = item['os-extended-volumes:volumes_attached'].map((volume) => volume.id);
    for (const volumeId of spec.volumes.map(String).filter((volume) => !attached.includes(volume)))
      await at.cloud.compute.servers.attachVolume(id, { volumeId }, { signal: at.signal });
    return built(key, id, at);
  },
  settle: ({ key, id }, at) => built(key, id, at),
  remove: async ({ key, id }, at) => {
    await at.cloud.compute.servers.delete(id, { signal: at.signal });
    await gone(() => at.cloud.compute.servers.get(id, { signal: at.signal }), { key }, at);
  },
};

function body(
  { key, name, node, spec }: Desired<Filled<ServerSpec>>,
  { cluster, payloadOf }: Surroundings,
): ServerCreate {
  const payload = payloadOf(node ?? '');
  if (payload === undefined) throw new Error(`${key} is to be made before its user data is complete`);
  const data = spec.volumes.map((uuid): BlockDevice => ({
    source_type: 'volume',
    destination_type: 'volume',
    uuid: uuid,
    boot_index: -1,
    delete_on_termination: false,
  }));
  const { boot_volume } = spec;
  const root: BlockDevice =
    boot_volume === undefined
      ? {
          source_type: 'image',
          destination_type: 'local',
          uuid: spec.image,
          boot_index: 0,
          delete_on_termination: true,
        }
      : {
          source_type: 'image',
          destination_type: 'volume',
          uuid: spec.image,
          boot_index: 0,
          delete_on_termination: true,
          volume_size: boot_volume.size,
          ...(boot_volume.volume_type === undefined ? {} : { volume_type: boot_volume.volume_type }),
        };
  const devices = data.length > 0 || boot_volume !== undefined ? { block_device_mapping_v2: [root, ...data] } : {};
  return {
    name,
    metadata: { ...marksOf(cluster, key), [USER_DATA_MARK]: payload.sha256 },
    flavorRef: spec.flavor,
    ...(boot_volume === undefined ? { imageRef: spec.image } : {}),
    networks: [{ port: spec.port }],
    user_data: payload.base64,
    config_drive: spec.config_drive,
    ...(spec.key_name === undefined ? {} : { key_name: spec.key_name }),
    ...(spec.availability_zone === undefined ? {} : { availability_zone: spec.availability_zone }),
    ...devices,
  };
}

/**
 * Waits until it is built. Nova asks Neutron for all that it tells of one server, so that they are looked for in the one list of those
 * that are being built, and each is asked for when it is there no more.
 */
function built(key: string, id: string, at: Applying, expected?: Expected): Promise<Observed<Server>> {
  const { cloud, signal, building } = at;
  const look = async (): Promise<Observed<Server> | 'pending' | undefined> => {
    if ((await building()).has(id)) return 'pending';
    const item = await cloud.compute.servers.get(id, { signal });
    return item === undefined ? undefined : observed(key, item);
  };
  return settled(look, { key }, at, expected);
}

function observed(key: string, item: Server): Observed<Server> {
  const { id, name, status, created, fault } = item;
  const state = status === 'ERROR' ? 'failed' : status === 'BUILD' ? 'pending' : 'ready';
  const detail = fault?.message ?? `its status is ${status}`;
  return { key, kind: 'server', id, name, state, detail, facts: { id }, created, item };
}
