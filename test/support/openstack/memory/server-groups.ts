/** Nova's server groups and key pairs in memory. */
import { createHash } from 'node:crypto';
import { novaError, visible, type Request, type Route } from './http.ts';
import type { Row } from './world.ts';

const POLICIES = ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity'];

function group({ world, user, params: [id] }: Request): Row {
  const row = world.get('server_group', id);
  if (row?.project_id !== user.projectId) throw novaError(404, `Instance group ${String(id)} could not be found.`);
  return row;
}

/** Key pairs are a user's; their row is found by both. */
const keyId = ({ user }: Request, name: unknown): string => `${user.id}/${String(name)}`;

function keyPair(request: Request): Row {
  const { world, user, params } = request;
  const row = world.get('keypair', keyId(request, params[0]));
  if (row === undefined) throw novaError(404, `Keypair ${String(params[0])} not found for user ${user.id}`);
  return row;
}

const keyBody = (row: Row): Record<string, unknown> =>
  Object.fromEntries(['name', 'type', 'fingerprint', 'public_key'].map((key) => [key, row[key]]));

export const groupRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2.1/os-server-groups',
    run: ({ world, user, query }) => {
      const rows = world.all('server_group').filter(({ project_id }) => project_id === user.projectId);
      const offset = Number(query.get('offset') ?? 0);
      return {
        status: 200,
        body: { server_groups: rows.slice(offset, offset + Number(query.get('limit') ?? 1000)).map(visible) },
      };
    },
  },
  {
    method: 'GET',
    path: '/v2.1/os-server-groups/*',
    run: (request) => ({ status: 200, body: { server_group: visible(group(request)) } }),
  },
  {
    method: 'POST',
    path: '/v2.1/os-server-groups',
    run: ({ world, user, body }) => {
      const given = body['server_group'] as Record<string, unknown>;
      const policy = String(given['policy']);
      if (!POLICIES.includes(policy)) {
        const listed = POLICIES.map((each) => `'${each}'`).join(', ');
        throw novaError(
          400,
          `Invalid input for field/attribute policy. Value: ${policy}. '${policy}' is not one of [${listed}]`,
        );
      }
      const held = world.all('server_group').filter(({ project_id }) => project_id === user.projectId).length;
      if (held >= world.quotas.server_groups) throw novaError(403, 'Quota exceeded, too many server groups.');
      const row = { members: [], rules: {}, ...given, id: world.newId(), project_id: user.projectId };
      return { status: 200, body: { server_group: visible(world.add('server_group', row)) } };
    },
  },
  {
    method: 'DELETE',
    path: '/v2.1/os-server-groups/*',
    run: (request) => {
      request.world.remove('server_group', group(request).id);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: '/v2.1/os-keypairs',
    run: ({ world, user }) => {
      const rows = world.all('keypair').filter(({ _user }) => _user === user.id);
      return { status: 200, body: { keypairs: rows.map((row) => ({ keypair: keyBody(row) })) } };
    },
  },
  {
    method: 'GET',
    path: '/v2.1/os-keypairs/*',
    run: (request) => {
      const row = keyPair(request);
      return { status: 200, body: { keypair: { ...keyBody(row), created_at: row['_created'] } } };
    },
  },
  {
    method: 'POST',
    path: '/v2.1/os-keypairs',
    run: (request) => {
      const { world, user, body } = request;
      const given = body['keypair'] as Record<string, unknown>;
      const [, blob = ''] = String(given['public_key']).split(' ');
      if (!/^AAAA[A-Za-z0-9+/]+={0,2}$/.test(blob))
        throw novaError(400, 'Keypair data is invalid: failed to generate fingerprint');
      const id = keyId(request, given['name']);
      if (world.get('keypair', id) !== undefined)
        throw novaError(409, `Key pair '${String(given['name'])}' already exists.`);
      const fingerprint = createHash('md5')
        .update(Buffer.from(blob, 'base64'))
        .digest('hex')
        .replace(/(..)(?=.)/g, '$1:');
      const row = world.add('keypair', {
        type: 'ssh',
        ...given,
        id,
        fingerprint,
        project_id: '',
        _user: user.id,
        _created: world.date(),
      });
      return { status: 201, body: { keypair: keyBody(row) } };
    },
  },
  {
    method: 'DELETE',
    path: '/v2.1/os-keypairs/*',
    run: (request) => {
      request.world.remove('keypair', keyPair(request).id);
      return { status: 204 };
    },
  },
];
