/** A transport that plays what a test wrote down, before a clock that only moves when somebody sleeps. */
import {
  connect,
  type Cloud,
  type Clock,
  type HttpAnswer,
  type HttpRequest,
  type SessionOptions,
  type Transport,
} from '../index.ts';

export type Step = HttpAnswer | Error | ((request: HttpRequest) => HttpAnswer);

export interface Scripted {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly transport: Transport;
  /** All requests but those for tokens. */
  readonly requests: HttpRequest[];
  readonly tokenRequests: HttpRequest[];
  readonly slept: number[];
  /** Tokens end after so many milliseconds. */
  lifetime: number;
}

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body) };
}

const SERVICES = {
  identity: 'http://cloud:5000/v3',
  compute: 'http://cloud/compute/v2.1',
  network: 'http://cloud:9696',
  'load-balancer': 'http://cloud/load-balancer',
  image: 'http://cloud:9292/',
  'block-storage': 'http://cloud:8776/v3/p1',
};

export const catalog = Object.entries(SERVICES).map(([type, url]) => ({
  type,
  endpoints: ['public', 'internal'].map((name) => ({
    interface: name,
    region_id: 'RegionOne',
    url: name === 'public' ? url : url.replace('cloud', 'inside'),
  })),
}));

/** The version documents that Nova and Cinder give. */
const VERSIONS: Readonly<Record<string, HttpAnswer>> = {
  'http://cloud/compute/v2.1/': answer(200, { version: { min_version: '2.1', version: '2.100' } }),
  'http://cloud:8776/v3/': answer(200, { versions: [{ min_version: '3.0', version: '3.71' }] }),
};

/** A cloud that answers with the steps, in their order; tokens and version documents come by themselves. */
export function scripted(steps: Step[], options: Partial<SessionOptions> = {}): Scripted {
  let now = Date.UTC(2026, 0);
  const clock: Clock = {
    now: () => now,
    sleep: (milliseconds, signal) => {
      if (signal?.aborted === true) return Promise.reject(new Error('stopped'));
      played.slept.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const tokenAnswer = (): HttpAnswer => {
    const token = {
      expires_at: new Date(now + played.lifetime).toISOString(),
      user: { id: 'u1', name: 'demo', domain: { id: 'default', name: 'Default' } },
      project: { id: 'p1', name: 'demo', domain: { id: 'default', name: 'Default' } },
      roles: [{ id: 'r1', name: 'member' }],
      methods: ['password'],
      catalog,
    };
    return answer(201, { token }, { 'x-subject-token': `token-${String(played.tokenRequests.length)}` });
  };
  const transport = (request: HttpRequest): Promise<HttpAnswer> => {
    if (request.url.endsWith('/auth/tokens')) {
      played.tokenRequests.push(request);
      return Promise.resolve(tokenAnswer());
    }
    const version = VERSIONS[request.url];
    if (version !== undefined) return Promise.resolve(version);
    played.requests.push(request);
    const step = steps.shift();
    if (step === undefined) throw new Error(`no answer is left for ${request.method} ${request.url}`);
    if (step instanceof Error) return Promise.reject(step);
    return Promise.resolve(typeof step === 'function' ? step(request) : step);
  };
  const auth = { type: 'password', user: { name: 'demo' }, password: 'secret' } as const;
  const played = {
    cloud: connect({ authUrl: 'http://cloud:5000', auth, transport, clock, ...options }),
    clock,
    transport,
    requests: [] as HttpRequest[],
    tokenRequests: [] as HttpRequest[],
    slept: [] as number[],
    lifetime: 3_600_000,
  };
  return played;
}

/** What a call is refused with. */
export async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}
