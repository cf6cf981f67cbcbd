/** Nova: servers (https://docs.openstack.org/api-ref/compute/). */
import { collection, item, unlessMissing, type Collection, type CreateOptions, type Readable } from '../collection.ts';
import { isRecord } from '../error-body.ts';
import { CloudError } from '../errors.ts';
import type { Call, CallOptions, Session } from '../session.ts';
import type * as c from './compute-types.ts';
import { keyPairs, serverGroups, type KeyPairs, type ServerGroups } from './compute-groups.ts';

export interface ServerCreateOptions extends CreateOptions<Pick<c.Server, 'id'>> {
  readonly hints?: c.SchedulerHints;
}

export interface Servers extends Omit<Collection<c.Server, c.ServerCreate, c.ServerUpdate, c.ServerQuery>, 'create'> {
  /** Nova answers before the server is there: with its id alone. `get` tells its status, BUILD first. */
  readonly create: (body: c.ServerCreate, options?: ServerCreateOptions) => Promise<{ readonly id: string }>;
  /** Names and ids alone: Nova asks no other service for them, as it does for all else that it tells of a server. */
  readonly names: (
    filter?: c.ServerQuery,
    options?: CallOptions,
  ) => Promise<{ readonly id: string; readonly name: string }[]>;
  /** Takes the names out of `names` and puts these in place; other metadata stays. */
  readonly setMetadata: (
    id: string,
    metadata: Readonly<Record<string, string>>,
    options?: CallOptions,
  ) => Promise<void>;
  /** What is on the console, the last lines of it where a number is given. Undefined: there is no such server. */
  readonly consoleOutput: (id: string, lines?: number, options?: CallOptions) => Promise<string | undefined>;
  readonly start: (id: string, options?: CallOptions) => Promise<void>;
  readonly stop: (id: string, options?: CallOptions) => Promise<void>;
  readonly attachments: (id: string, options?: CallOptions) => Promise<c.VolumeAttachment[]>;
  readonly attachVolume: (
    id: string,
    attachment: { readonly volumeId: string; readonly tag?: string; readonly delete_on_termination?: boolean },
    options?: CreateOptions<c.VolumeAttachment>,
  ) => Promise<c.VolumeAttachment>;
  readonly detachVolume: (id: string, volumeId: string, options?: CallOptions) => Promise<boolean>;
  readonly interfaces: (id: string, options?: CallOptions) => Promise<c.InterfaceAttachment[]>;
}

export interface ComputeService {
  readonly servers: Servers;
  readonly serverGroups: ServerGroups;
  readonly keyPairs: KeyPairs;
  readonly flavors: Readable<c.Flavor>;
  readonly availabilityZones: (options?: CallOptions) => Promise<c.AvailabilityZone[]>;
  readonly limits: (options?: CallOptions) => Promise<c.ComputeLimits>;
}

const service = 'compute';

export function computeService(session: Session): ComputeService {
  return {
    servers: servers(session),
    serverGroups: serverGroups(session),
    keyPairs: keyPairs(session),
    flavors: collection(session, {
      service,
      path: '/flavors',
      listPath: '/flavors/detail',
      one: 'flavor',
      many: 'flavors',
    }),
    availabilityZones: async (options) => {
      const call: Call = { service, method: 'GET', path: '/os-availability-zone' };
      const { body } = await session.request(call, options);
      return listIn(call, body, 'availabilityZoneInfo') as c.AvailabilityZone[];
    },
    limits: async (options) => {
      const call: Call = { service, method: 'GET', path: '/limits' };
      const { body, status } = await session.request(call, options);
      return item(call, item(call, body, 'limits', status), 'absolute', status) as c.ComputeLimits;
    },
  };
}

function servers(session: Session): Servers {
  const path = '/servers';
  const place = { service, path, listPath: '/servers/detail', one: 'server', many: 'servers' } as const;
  const at = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  const act = async (id: string, body: unknown, options?: CallOptions): Promise<unknown> =>
    (await session.request({ service, method: 'POST', path: `${at(id)}/action`, body, repeatable: true }, options))
      .body;
  const volumes = (id: string): string => `${at(id)}/os-volume_attachments`;
  return {
    ...collection<c.Server, c.ServerCreate, c.ServerUpdate, c.ServerQuery>(session, place),
    names: collection<{ id: string; name: string }, never, never, c.ServerQuery>(session, { ...place, listPath: path })
      .list,
    create: async (body, { hints, existing, ...options } = {}) => {
      const call: Call = {
        service,
        method: 'POST',
        path,
        body: { server: body, ...(hints === undefined ? {} : { 'OS-SCH-HNT:scheduler_hints': hints }) },
      };
      const earlier =
        existing && (() => existing().then((server) => server && { status: 202, headers: {}, body: { server } }));
      const answer = await session.request(call, { ...options, existing: earlier });
      return item(call, answer.body, 'server', answer.status) as { readonly id: string };
    },
    setMetadata: async (id, metadata, options) => {
      const call: Call = { service, method: 'POST', path: `${at(id)}/metadata`, body: { metadata }, repeatable: true };
      await session.request(call, options);
    },
    consoleOutput: async (id, lines, options) => {
      const length = lines === undefined ? {} : { length: lines };
      const answer = await unlessMissing(act(id, { 'os-getConsoleOutput': length }, options));
      return isRecord(answer) && typeof answer['output'] === 'string' ? answer['output'] : undefined;
    },
    start: async (id, options) => {
      await act(id, { 'os-start': null }, options);
    },
    stop: async (id, options) => {
      await act(id, { 'os-stop': null }, options);
    },
    attachments: async (id, options) => {
      const call: Call = { service, method: 'GET', path: volumes(id) };
      return listIn(call, (await session.request(call, options)).body, 'volumeAttachments') as c.VolumeAttachment[];
    },
    attachVolume: async (id, attachment, options) =>
      collection<c.VolumeAttachment, unknown, never>(session, {
        service,
        path: volumes(id),
        one: 'volumeAttachment',
        many: 'volumeAttachments',
      }).create(attachment, options),
    detachVolume: async (id, volumeId, options) => {
      const call: Call = { service, method: 'DELETE', path: `${volumes(id)}/${encodeURIComponent(volumeId)}` };
      return (await unlessMissing(session.request(call, options))) !== undefined;
    },
    interfaces: async (id, options) => {
      const call: Call = { service, method: 'GET', path: `${at(id)}/os-interface` };
      return listIn(
        call,
        (await session.request(call, options)).body,
        'interfaceAttachments',
      ) as c.InterfaceAttachment[];
    },
  };
}

function listIn({ method, path }: Call, body: unknown, key: string): unknown[] {
  const value = isRecord(body) ? body[key] : undefined;
  if (Array.isArray(value)) return value as unknown[];
  throw new CloudError({ service, method, path }, { kind: 'content', detail: `the answer has no list ${key}` });
}
