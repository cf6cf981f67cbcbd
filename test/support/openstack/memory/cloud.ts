/** A cloud in memory, behind the client's own transport: what it answers is held against the real services by the contract. */
import { TransportError, type HttpAnswer, type HttpRequest, type Transport } from 'openstack-client-lite';
import { volumeRoutes } from './block-storage.ts';
import { computeRoutes } from './compute.ts';
import { keystoneError, Refusal, type Reply, type Request, type Route } from './http.ts';
import { identityRoutes, tokenReply, type Sessions } from './identity.ts';
import { imageRoutes } from './image.ts';
import { balancerOffers, balancerRoutes } from './load-balancer.ts';
import { networkRoutes } from './network.ts';
import { seedNetworks } from './seed.ts';
import { newWorld, type World, type WorldOptions } from './world.ts';

export interface MemoryCloud {
  readonly authUrl: string;
  readonly transport: Transport;
  /** All that it knows: for tests that look behind the APIs, or change what is there. */
  readonly world: World;
  /** Every token ends now. */
  readonly expireTokens: () => void;
}

const ORIGIN = 'http://127.0.0.1';

const SERVICES: Readonly<Record<string, readonly Route[]>> = {
  '5000': identityRoutes,
  '8774': computeRoutes,
  '9696': networkRoutes,
  '9876': [...balancerRoutes, ...balancerOffers],
  '9292': imageRoutes,
  '8776': volumeRoutes,
};

export function memoryCloud(options: WorldOptions): MemoryCloud {
  const world = newWorld(options);
  seedNetworks(world);
  const sessions: Sessions = new Map();
  return {
    authUrl: `${ORIGIN}:5000`,
    world,
    expireTokens: () => sessions.clear(),
    transport: async (request) => {
      // As with a network, nobody gets an answer before they have asked.
      await Promise.resolve();
      if (request.signal?.aborted === true) throw new TransportError('aborted', 'it was stopped', false);
      world.advance();
      return answered(world, sessions, request);
    },
  };
}

function answered(world: World, sessions: Sessions, request: HttpRequest): HttpAnswer {
  const requestId = `req-${world.newId()}`;
  let reply: Reply;
  try {
    reply = answer(world, sessions, request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply = error.reply;
  }
  const { status, body, headers } = reply;
  return {
    status,
    headers: { 'x-openstack-request-id': requestId, 'content-type': 'application/json', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

function answer(world: World, sessions: Sessions, { method, url, headers, body }: HttpRequest): Reply {
  const { pathname, searchParams, port } = new URL(url);
  const parsed = body === undefined ? {} : (JSON.parse(body) as Record<string, unknown>);
  if (pathname === '/v3/auth/tokens') return tokenReply(world, sessions, ORIGIN, method, parsed, headers);
  const session = sessions.get(headers['x-auth-token'] ?? '');
  if (session === undefined || session.until <= world.clock.now())
    throw keystoneError(401, 'Unauthorized', 'The request you have made requires authentication.');
  for (const route of SERVICES[port] ?? []) {
    const params = route.method === method ? matched(route.path, pathname) : undefined;
    if (params === undefined) continue;
    const request: Request = { world, params, query: searchParams, body: parsed, user: session.user, headers };
    return route.run(request);
  }
  throw new Error(`the in-memory cloud has no ${method} ${url}`);
}

/** What stands in place of the stars; undefined: it is another path. */
function matched(pattern: string, path: string): string[] | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  if (!wanted.every((part, index) => part === '*' || part === given[index])) return undefined;
  return given.filter((_part, index) => wanted[index] === '*').map(decodeURIComponent);
}
