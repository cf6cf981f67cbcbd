/** Keystone in memory: tokens and application credentials. */
import { keystoneError, visible, type Reply, type Request, type Route } from './http.ts';
import { roleId, type User } from './users.ts';
import type { Row, World } from './world.ts';

/** Who a token is of, and until when (milliseconds since 1970). */
export interface Session {
  readonly user: User & { readonly restricted?: boolean };
  readonly until: number;
  /** Ways by which it was got. */
  readonly methods: readonly string[];
}

export type Sessions = Map<string, Session>;

const HOUR = 3_600_000;

const unauthorized = (): Error =>
  keystoneError(401, 'Unauthorized', 'The request you have made requires authentication.');

interface AuthBody {
  readonly identity: {
    readonly methods: readonly string[];
    readonly password?: { readonly user: { readonly name?: string; readonly id?: string; readonly password: string } };
    readonly application_credential?: {
      readonly id?: string;
      readonly name?: string;
      readonly user?: { readonly name?: string };
      readonly secret: string;
    };
    readonly token?: { readonly id: string };
  };
  readonly scope?: { readonly project?: { readonly name?: string; readonly id?: string } };
}

/** POST and GET /v3/auth/tokens, which need no token in the header. */
export function tokenReply(
  world: World,
  sessions: Sessions,
  origin: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Reply {
  if (method === 'GET') {
    const held = sessions.get(headers['x-subject-token'] ?? '');
    if (held === undefined || held.until <= world.clock.now()) throw unauthorized();
    return { status: 200, body: tokenBody(held, origin, undefined) };
  }
  const { auth } = body as { auth: AuthBody };
  const { user, credential } = authenticated(world, sessions, auth);
  const project = auth.scope?.project;
  if (project !== undefined && project.name !== user.name && project.id !== user.projectId) throw unauthorized();
  const methods = auth.identity.token === undefined ? auth.identity.methods : ['password', 'token'];
  const session = { user, until: world.clock.now() + HOUR, methods };
  const token = `token-${world.newId()}`;
  sessions.set(token, session);
  return { status: 201, headers: { 'x-subject-token': token }, body: tokenBody(session, origin, credential) };
}

function authenticated(
  world: World,
  sessions: Sessions,
  { identity }: AuthBody,
): { user: Session['user']; credential?: Row } {
  const { password, application_credential: given, token } = identity;
  if (password !== undefined) {
    const { user: who } = password;
    const user = [...world.users.values()].find(({ id, name }) => id === who.id || name === who.name);
    if (user === undefined || who.password !== user.name) throw unauthorized();
    return { user };
  }
  if (token !== undefined) {
    const held = sessions.get(token.id);
    if (held === undefined || held.until <= world.clock.now()) throw unauthorized();
    return { user: held.user };
  }
  const row = world.all('application_credential').find((each) => each.id === given?.id || each['name'] === given?.name);
  const owner = [...world.users.values()].find(({ id }) => id === row?.['user_id']);
  if (row === undefined || owner === undefined || row['_secret'] !== given?.secret) throw unauthorized();
  const roles = (row['roles'] as { name: string }[]).map(({ name }) => name);
  return { user: { ...owner, roles, restricted: row['unrestricted'] !== true }, credential: row };
}

const PORTS: Readonly<Record<string, readonly [name: string, path: string]>> = {
  identity: ['keystone', ':5000/v3'],
  compute: ['nova', ':8774/v2.1'],
  network: ['neutron', ':9696'],
  'load-balancer': ['octavia', ':9876'],
  image: ['glance', ':9292'],
  'block-storage': ['cinder', ':8776/v3'],
};

function tokenBody({ user, until, methods }: Session, origin: string, credential: Row | undefined): unknown {
  const domain = { id: 'default', name: 'Default' };
  const catalog = Object.entries(PORTS).map(([type, [name, path]]) => ({
    type,
    name,
    endpoints: ['public', 'internal', 'admin'].map((each) => ({
      interface: each,
      region: 'RegionOne',
      region_id: 'RegionOne',
      url: `${origin}${path}`,
    })),
  }));
  return {
    token: {
      methods,
      user: { id: user.id, name: user.name, domain },
      project: { id: user.projectId, name: user.name, domain },
      roles: user.roles.map((name) => ({ id: roleId(name), name })),
      issued_at: new Date(until - HOUR).toISOString(),
      expires_at: new Date(until).toISOString(),
      catalog,
      ...(credential === undefined
        ? {}
        : { application_credential: { id: credential.id, name: credential['name'], restricted: user.restricted } }),
    },
  };
}

const PATH = '/v3/users/*/application_credentials';

function forbidden(action: string): Error {
  const text = `You are not authorized to perform the requested action: identity:${action}_application_credential`;
  return keystoneError(403, 'Forbidden', `${text}.`);
}

function own({ world, user, params }: Request, action: string): Row[] {
  if (user.id !== params[0]) throw forbidden(action);
  return world.all('application_credential').filter(({ user_id }) => user_id === user.id);
}

function credential(request: Request, action: string): Row {
  const row = own(request, action).find(({ id }) => id === request.params[1]);
  if (row !== undefined) return row;
  if (request.world.get('application_credential', request.params[1]) !== undefined) throw forbidden(action);
  throw keystoneError(404, 'Not Found', `Could not find Application Credential: ${String(request.params[1])}.`);
}

export const identityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: PATH,
    run: (request) => {
      const name = request.query.get('name');
      const rows = own(request, 'list').filter((row) => name === null || row['name'] === name);
      return { status: 200, body: { application_credentials: rows.map(visible) } };
    },
  },
  {
    method: 'GET',
    path: `${PATH}/*`,
    run: (request) => ({ status: 200, body: { application_credential: visible(credential(request, 'get')) } }),
  },
  { method: 'POST', path: PATH, run: create },
  {
    method: 'DELETE',
    path: `${PATH}/*`,
    run: (request) => {
      request.world.remove('application_credential', credential(request, 'delete').id);
      return { status: 204 };
    },
  },
];

/** A role brings those that it implies: of member, reader. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = { member: ['reader'] };

function create(request: Request): Reply {
  const { world, body, user } = request;
  const given = body['application_credential'] as Record<string, unknown> & {
    roles?: { name: string }[];
    secret?: string;
  };
  if (user.restricted === true) throw forbidden('create');
  if (own(request, 'create').some((row) => row['name'] === given['name'])) {
    const text = `Duplicate entry found with name ${String(given['name'])}.`;
    throw keystoneError(409, 'Conflict', `Conflict occurred attempting to store application_credential - ${text}`);
  }
  const wanted = given.roles?.flatMap(({ name }) => [name, ...(IMPLIED[name] ?? [])]) ?? [...user.roles];
  if (!wanted.every((name) => user.roles.includes(name)))
    throw keystoneError(
      400,
      'Bad Request',
      'Invalid application credential: Cannot create an application credential with unassigned role',
    );
  const secret = given.secret ?? `secret-${world.newId()}`;
  const row = world.add('application_credential', {
    description: null,
    expires_at: null,
    unrestricted: null,
    ...given,
    roles: wanted.map((name) => ({ id: roleId(name), name, description: null, domain_id: null })),
    secret: undefined,
    id: world.newId().replaceAll('-', ''),
    project_id: user.projectId,
    user_id: user.id,
    _secret: secret,
  });
  delete row['secret'];
  return { status: 201, body: { application_credential: { ...visible(row), secret } } };
}
