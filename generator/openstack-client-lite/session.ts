/** Calls to a cloud's services: with a token that is renewed, at the catalog's URL, in a microversion that both sides know. */
import { persist, PATIENCE, type OnRetry, type Patience } from './attempts.ts';
import { authBody, identityUrl, type Auth } from './auth.ts';
import { endpointOf, hasService, versionRoot, type EndpointChoice, type ServiceName } from './catalog.ts';
import { CloudError } from './errors.ts';
import { exchange, type JsonAnswer, type RequestEvent } from './exchange.ts';
import { commonVersion, type VersionRange } from './microversion.ts';
import { readVersions } from './discovery.ts';
import { queryString, type Query } from './query.ts';
import type { Clock } from './time.ts';
import { readToken, type Token } from './token.ts';
import type { Transport } from './transport.ts';

export interface SessionOptions extends EndpointChoice, Partial<Patience> {
  /** Keystone's URL, with or without its version. */
  readonly authUrl: string;
  readonly auth: Auth;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Milliseconds for one request. Default: 60,000. */
  readonly requestTimeout?: number | undefined;
  /** Stops everything. */
  readonly signal?: AbortSignal | undefined;
  /** `req-` and a UUID: services write it into their logs beside their own. */
  readonly globalRequestId?: string | undefined;
  /** Items of a page of a list. Default: what the service gives. */
  readonly pageSize?: number | undefined;
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  readonly onRetry?: OnRetry | undefined;
}

/** One call of a service's API. */
export interface Call {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the service's versioned URL, with a slash at its beginning, encoded. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  /** True where making the call twice has the effect of making it once. Default: all but POST. */
  readonly repeatable?: boolean;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Session {
  readonly clock: Clock;
  readonly pageSize: number | undefined;
  /** A valid token and what it says. */
  readonly token: (options?: CallOptions) => Promise<Token>;
  readonly request: (call: Call, options?: RequestOptions) => Promise<JsonAnswer>;
  /** The microversion that is spoken with the service; undefined where it has none. */
  readonly microversion: (service: ServiceName, options?: CallOptions) => Promise<string | undefined>;
  /** True when the catalog has the service. */
  readonly has: (service: ServiceName, options?: CallOptions) => Promise<boolean>;
}

export interface RequestOptions extends CallOptions {
  /** Gives the answer of an earlier attempt that got lost; see `Attempts`. */
  readonly existing?: (() => Promise<JsonAnswer | undefined>) | undefined;
}

/**
 * What this client knows of versioned APIs. Nova 2.64 (Rocky, 2018) is the first whose server groups have one policy; 2.90
 * (Xena, 2021) the last whose answers its types tell. Cinder: any v3 up to 3.59 (Train, 2019).
 */
const KNOWN: Readonly<Partial<Record<ServiceName, VersionRange & { readonly header: string }>>> = {
  compute: { min: '2.64', max: '2.90', header: 'compute' },
  'block-storage': { min: '3.0', max: '3.59', header: 'volume' },
};

/** Milliseconds before its end at which a token is no longer used. */
const MARGIN = 60_000;

/** A session; nothing is asked before its first call. */
export function session(options: SessionOptions): Session {
  const { auth, transport, clock, requestTimeout = 60_000, onRequest, onRetry, globalRequestId } = options;
  const keystone = identityUrl(options.authUrl);
  const patience = { ...PATIENCE, ...defined(options, ['attempts', 'timeLimit', 'longestPause']) };
  const common = globalRequestId === undefined ? {} : { 'x-openstack-request-id': globalRequestId };
  let current: Promise<Token> | undefined;
  let isStranger = true;
  const versions = new Map<ServiceName, Promise<string>>();

  const signalOf = (given: CallOptions): AbortSignal | undefined => {
    const signals = [options.signal, given.signal].filter((signal) => signal !== undefined);
    return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  };

  async function authenticate(signal: AbortSignal | undefined): Promise<Token> {
    const validates = auth.type === 'token' && auth.scope === undefined;
    const call = { service: 'identity', method: validates ? 'GET' : 'POST', path: '/auth/tokens' };
    const own = validates ? { 'x-auth-token': auth.token, 'x-subject-token': auth.token } : {};
    const request = {
      call,
      url: `${keystone}/auth/tokens`,
      headers: { ...common, ...own },
      ...(validates ? {} : { body: authBody(auth) }),
      timeout: requestTimeout,
      signal,
    };
    const once = (): Promise<JsonAnswer> => exchange(request, transport, clock, onRequest);
    const answer = await persist({ once, repeatable: true, isStranger, signal, onRetry }, clock, patience);
    isStranger = false;
    const token = readToken(validates ? auth.token : answer.headers['x-subject-token'], answer.body);
    if (token === undefined)
      throw new CloudError(call, { kind: 'content', detail: 'the answer is no token of Keystone v3' });
    return token;
  }

  /** One request for a token at a time. It serves all that wait, so that only the session's own signal stops it. */
  async function token(given: CallOptions = {}): Promise<Token> {
    throwIfAborted(signalOf(given));
    for (;;) {
      const waiting = (current ??= authenticate(options.signal));
      try {
        const found = await waiting;
        if (found.expiresAt.getTime() - clock.now() > MARGIN || auth.type === 'token') return found;
      } catch (error) {
        if (current === waiting) current = undefined;
        throw error;
      }
      if (current === waiting) current = undefined;
    }
  }

  /** One request with a token; a token that is refused is changed for a new one, once. */
  async function send(call: Call, given: CallOptions, headers: Readonly<Record<string, string>>): Promise<JsonAnswer> {
    const { service, method, path, query, body } = call;
    for (let renewed = false; ; renewed = true) {
      const held = await token(given);
      const endpoint = endpointOf(held.catalog, service, options);
      const request = {
        call: { service, method, path },
        url: path === '/' ? versionRoot(endpoint) : `${endpoint}${path}${queryString(query)}`,
        headers: { ...common, ...headers, 'x-auth-token': held.value },
        body,
        timeout: requestTimeout,
        signal: signalOf(given),
      };
      try {
        return await exchange(request, transport, clock, onRequest);
      } catch (error) {
        const expired =
          error instanceof CloudError && error.kind === 'unauthorized' && !renewed && auth.type !== 'token';
        if (!expired) throw error;
        if ((await current?.catch(() => undefined)) === held) current = undefined;
      }
    }
  }

  function repeated(call: Call, given: RequestOptions, headers: Readonly<Record<string, string>>): Promise<JsonAnswer> {
    const { method, repeatable = method !== 'POST' } = call;
    const { existing } = given;
    const once = (): Promise<JsonAnswer> => send(call, given, headers);
    return persist({ once, repeatable, existing, signal: signalOf(given), onRetry }, clock, patience);
  }

  async function microversion(service: ServiceName, given: CallOptions = {}): Promise<string | undefined> {
    const known = KNOWN[service];
    if (known === undefined) return undefined;
    const found = versions.get(service) ?? negotiate(service, known, given);
    versions.set(service, found);
    try {
      return await found;
    } catch (error) {
      versions.delete(service);
      throw error;
    }
  }

  async function negotiate(service: ServiceName, known: VersionRange, given: CallOptions): Promise<string> {
    const call: Call = { service, method: 'GET', path: '/' };
    const theirs = readVersions((await repeated(call, given, {})).body);
    const version = theirs === undefined ? undefined : commonVersion(known, theirs);
    if (version !== undefined) return version;
    const offered = theirs === undefined ? 'no microversions' : `${theirs.min} to ${theirs.max}`;
    const detail = `it offers ${offered}; ${known.min} or newer is needed`;
    throw new CloudError(call, { kind: 'version', detail });
  }

  return {
    clock,
    pageSize: options.pageSize,
    token,
    microversion,
    has: async (service, given) => hasService((await token(given)).catalog, service),
    request: async (call, given = {}) => {
      const version = await microversion(call.service, given);
      return repeated(call, given, version === undefined ? {} : versionHeaders(call.service, version));
    },
  };
}

function versionHeaders(service: ServiceName, version: string): Record<string, string> {
  return { 'openstack-api-version': `${KNOWN[service]?.header ?? service} ${version}` };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new CloudError(
    { service: 'identity', method: 'POST', path: '/auth/tokens' },
    { kind: 'aborted', detail: 'it was stopped' },
  );
}

function defined<T extends object, K extends keyof T>(
  from: T,
  keys: readonly K[],
): { [P in K]?: Exclude<T[P], undefined> } {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]]))) as never;
}
