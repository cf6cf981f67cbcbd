/** Cinder in memory. */
import { novaError, visible, type Request, type Route } from './http.ts';
import type { Row } from './world.ts';

function volume({ world, user, params: [id] }: Request): Row {
  const row = world.get('volume', id);
  if (row?.project_id !== user.projectId) throw novaError(404, `Volume ${String(id)} could not be found.`);
  return row;
}

const TYPES = [
  { id: '00000000-0000-4000-b000-000000000001', name: '__DEFAULT__', description: 'Default Volume Type' },
  { id: '00000000-0000-4000-b000-000000000002', name: 'fake', description: null },
];

const shown = (row: Row): Record<string, unknown> => {
  const { project_id: _project, ...rest } = visible(row);
  return rest;
};

const ours = ({ world, user }: Request): Row[] =>
  world.all('volume').filter(({ project_id }) => project_id === user.projectId);
const gigabytes = (request: Request): number => ours(request).reduce((sum, { size }) => sum + (size as number), 0);

export const volumeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v3/',
    run: () => ({ status: 200, body: { versions: [{ id: 'v3.0', min_version: '3.0', version: '3.71' }] } }),
  },
  {
    method: 'GET',
    path: '/v3/volumes/detail',
    run: (request) => {
      const { query } = request;
      const metadata = Object.entries(JSON.parse(query.get('metadata') ?? '{}') as Record<string, string>);
      const rows = ours(request).filter(
        (row) =>
          metadata.every(([key, value]) => (row['metadata'] as Record<string, string>)[key] === value) &&
          (query.get('name') ?? row['name']) === row['name'] &&
          (query.get('status') ?? row['status']) === row['status'],
      );
      return { status: 200, body: { volumes: rows.map(shown) } };
    },
  },
  {
    method: 'GET',
    path: '/v3/volumes/*',
    run: (request) => ({ status: 200, body: { volume: shown(volume(request)) } }),
  },
  { method: 'POST', path: '/v3/volumes', run: create },
  {
    method: 'PUT',
    path: '/v3/volumes/*',
    run: (request) => ({
      status: 200,
      body: { volume: shown(Object.assign(volume(request), request.body['volume'])) },
    }),
  },
  {
    method: 'DELETE',
    path: '/v3/volumes/*',
    run: (request) => {
      const row = volume(request);
      if (!['available', 'error'].includes(String(row['status']))) throw novaError(400, `Invalid volume: ${DELETABLE}`);
      row['status'] = 'deleting';
      request.world.later(request.world.durations.volume, () => request.world.remove('volume', row.id));
      return { status: 202 };
    },
  },
  {
    method: 'GET',
    path: '/v3/types',
    run: () => ({
      status: 200,
      body: { volume_types: TYPES.map((type) => ({ ...type, extra_specs: {}, is_public: true })) },
    }),
  },
  {
    method: 'GET',
    path: '/v3/os-availability-zone',
    run: () => ({
      status: 200,
      body: { availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true } }] },
    }),
  },
  {
    method: 'GET',
    path: '/v3/limits',
    run: (request) => ({
      status: 200,
      body: {
        limits: {
          absolute: {
            maxTotalBackupGigabytes: 1000,
            maxTotalBackups: 10,
            maxTotalSnapshots: 10,
            maxTotalVolumeGigabytes: request.world.quotas.gigabytes,
            maxTotalVolumes: request.world.quotas.volumes,
            totalBackupGigabytesUsed: 0,
            totalBackupsUsed: 0,
            totalGigabytesUsed: gigabytes(request),
            totalSnapshotsUsed: 0,
            totalVolumesUsed: ours(request).length,
          },
        },
      },
    }),
  },
];

const DELETABLE =
  'Volume status must be available or error or error_restoring or error_extending or error_managing and must not be ' +
  'migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.';

function create(request: Request): { status: number; body: unknown } {
  const { world, body, user } = request;
  const {
    imageRef,
    availability_zone: zone = 'nova',
    volume_type: type = 'fake',
    ...given
  } = body['volume'] as Record<string, unknown>;
  const { size } = given as { size?: number };
  if (size === undefined)
    throw novaError(
      400,
      'The server could not comply with the request since it is either malformed or otherwise incorrect.',
    );
  if (size < 1)
    throw novaError(
      400,
      `Invalid input for field/attribute size. Value: ${String(size)}. ${String(size)} is less than the minimum of 1`,
    );
  if (!TYPES.some(({ name, id }) => name === type || id === type))
    throw novaError(404, `Volume type with name ${String(type)} could not be found.`);
  if (zone !== 'nova') throw novaError(400, `Availability zone '${String(zone)}' is invalid.`);
  const [used, limit] = [gigabytes(request), world.quotas.gigabytes];
  if (limit >= 0 && used + size > limit) {
    const text = `Requested ${String(size)}G, quota is ${String(limit)}G and ${String(used)}G has been consumed.`;
    throw novaError(
      413,
      `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. ${text}`,
    );
  }
  const row = world.add('volume', {
    name: null,
    description: null,
    metadata: {},
    ...given,
    id: world.newId(),
    project_id: user.projectId,
    attachments: [],
    availability_zone: zone,
    bootable: 'false',
    created_at: world.date(),
    encrypted: false,
    multiattach: false,
    status: 'creating',
    volume_type: type,
  });
  world.later(world.durations.volume, () =>
    Object.assign(row, { status: 'available', bootable: imageRef === undefined ? 'false' : 'true' }),
  );
  return { status: 202, body: { volume: shown(row) } };
}
