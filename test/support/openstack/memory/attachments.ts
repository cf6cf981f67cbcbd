/** Volumes on servers, in memory. */
import { novaError, type Reply, type Request } from './http.ts';
import { seenServer } from './servers.ts';
import type { Row } from './world.ts';

interface Attachment {
  readonly id: string;
  readonly server_id: string;
  readonly volume_id: string;
  readonly attachment_id: string;
  readonly device: string;
}

const attachmentsOf = (volume: Row): Attachment[] => volume['attachments'] as Attachment[];

/** Nova's list of a server's volumes is its own, beside Cinder's. */
interface Held {
  readonly id: string;
  readonly delete_on_termination: boolean;
}

const held = (server: Row): Held[] => server['os-extended-volumes:volumes_attached'] as Held[];

export function listAttachments(request: Request): Reply {
  const server = seenServer(request, request.params[0]);
  const volumeAttachments = held(server).map(({ id, delete_on_termination }) => {
    const volume = request.world.get('volume', id);
    const device = volume === undefined ? null : (attachmentsOf(volume)[0]?.device ?? null);
    return { volumeId: id, serverId: server.id, device, delete_on_termination, tag: null };
  });
  return { status: 200, body: { volumeAttachments } };
}

export function attachVolume(request: Request): Reply {
  const { world, params, body } = request;
  const server = seenServer(request, params[0]);
  const { volumeId, delete_on_termination = false } = body['volumeAttachment'] as {
    volumeId: string;
    delete_on_termination?: boolean;
  };
  const volume = world.get('volume', volumeId);
  if (volume === undefined) throw novaError(404, `Volume ${volumeId} could not be found.`);
  const [taken] = attachmentsOf(volume);
  if (taken !== undefined)
    throw novaError(400, `Invalid volume: volume ${volume.id} is already attached to instances: ${taken.server_id}`);
  const device = `/dev/sd${'bcdefgh'[held(server).length] ?? 'z'}`;
  volume['status'] = 'attaching';
  server['os-extended-volumes:volumes_attached'] = [...held(server), { id: volume.id, delete_on_termination }];
  world.later(world.durations.change, () => {
    const attachment = {
      id: volume.id,
      volume_id: volume.id,
      server_id: server.id,
      attachment_id: world.newId(),
      device,
    };
    Object.assign(volume, { status: 'in-use', attachments: [attachment], _goes: delete_on_termination });
  });
  return {
    status: 200,
    body: {
      volumeAttachment: {
        id: volume.id,
        volumeId: volume.id,
        serverId: server.id,
        device,
        delete_on_termination,
        tag: null,
      },
    },
  };
}

export function detachVolume(request: Request): Reply {
  const { world, params } = request;
  const server = seenServer(request, params[0]);
  const id = String(params[1]);
  const volume = world.get('volume', id);
  if (volume === undefined || !held(server).some((each) => each.id === id))
    throw novaError(404, `Instance ${server.id} is not attached to volume ${id}`);
  volume['status'] = 'detaching';
  world.later(world.durations.change, () => {
    Object.assign(volume, { status: 'available', attachments: [] });
    server['os-extended-volumes:volumes_attached'] = held(server).filter((each) => each.id !== id);
  });
  return { status: 202 };
}
