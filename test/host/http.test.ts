import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { httpClient, type HttpClient, type HttpOptions } from '../../generator/host/http.ts';
import { isRetryable, networkFailure, waitFor, type HttpFailure } from '../../generator/host/http-failure.ts';
import { serve, type LocalServer, type Route } from '../support/server.ts';

const open: { close: () => Promise<void> }[] = [];
beforeEach(() => {
  vi.stubEnv('no_proxy', '127.0.0.1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const thing of open.splice(0)) await thing.close();
});

async function site(routes: Parameters<typeof serve>[0]): Promise<LocalServer> {
  const server = await serve(routes);
  open.push(server);
  return server;
}

/** A client that does not really wait, and what pauses it would have made. */
function client(options: HttpOptions = {}): { http: HttpClient; pauses: number[] } {
  const pauses: number[] = [];
  const sleep = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const http = httpClient({ sleep, ...options });
  open.push(http);
  return { http, pauses };
}

const text = (body: Uint8Array): string => Buffer.from(body).toString();
const status =
  (code: number, headers = {}): Route =>
  (_request, response) =>
    response.writeHead(code, headers).end();

describe('get', () => {
  test('gives status, headers and body of any answer that stands', async () => {
    const server = await site({ '/a': 'hello' });
    const { http } = client();
    const there = await http.get(`${server.url}/a`, 100);
    expect(there.ok && [there.value.status, text(there.value.body)]).toEqual([200, 'hello']);
    const missing = await http.get(`${server.url}/b`, 100);
    expect(missing.ok && missing.value.status).toBe(404);
    expect(server.asked).toEqual(['/a', '/b']);
  });

  test('waits as long as Retry-After says and tries again', async () => {
    let count = 0;
    const server = await site({
      '/a': (request, response) =>
        ++count < 3 ? status(429, { 'retry-after': '7' })(request, response) : response.end('now'),
    });
    const waits: [string, number][] = [];
    const { http, pauses } = client({ onWait: (failure, pause) => waits.push([failure.detail, pause]) });
    const answer = await http.get(`${server.url}/a`, 100);
    expect(answer.ok && text(answer.value.body)).toBe('now');
    expect(pauses).toEqual([7000, 7000]);
    expect(waits[0]).toEqual(['HTTP 429', 7000]);
  });

  test('gives up after four attempts, each pause twice the last', async () => {
    const server = await site({ '/a': status(503) });
    const { http, pauses } = client();
    const answer = await http.get(`${server.url}/a`, 100);
    expect(answer).toMatchObject({ ok: false, failure: { kind: 'status', status: 503, attempts: 4 } });
    expect(pauses).toEqual([1000, 2000, 4000]);
  });

  test('does not wait for a server that asks for an hour', async () => {
    const server = await site({ '/a': status(503, { 'retry-after': '3600' }) });
    const { http, pauses } = client();
    expect(await http.get(`${server.url}/a`, 100)).toMatchObject({ ok: false, failure: { status: 503 } });
    expect(pauses).toEqual([]);
  });

  test('follows redirects to other hosts and leaves the token behind', async () => {
    const other = await site({ '/b': 'there' });
    const server = await site({
      '/a': status(307, { location: `${other.url}/b` }),
      '/c': status(302, { location: '/d' }),
      '/d': 'd',
    });
    const { http } = client();
    const headers = { Authorization: 'Bearer x' };
    const answer = await http.get(`${server.url}/a`, 100, { headers });
    expect(answer.ok && text(answer.value.body)).toBe('there');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer x');
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    await http.get(`${server.url}/c`, 100, { headers });
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer x');
  });

  test.each([
    ['in a circle', '/a', 'more than 5 redirects'],
    ['to another scheme', 'file:///etc/passwd', 'redirects from http:// to file://'],
    ['to nowhere', 'http://', 'no URL'],
  ])('does not follow redirects %s', async (_what, location, detail) => {
    const server = await site({ '/a': status(302, { location }) });
    const { http } = client();
    const answer = await http.get(`${server.url}/a`, 100);
    expect(answer).toMatchObject({ ok: false, failure: { kind: 'redirect' } });
    expect(!answer.ok && answer.failure.detail).toContain(detail);
  });

  test('refuses a body that is larger than such a thing may be', async () => {
    const server = await site({ '/a': 'x'.repeat(101) });
    const { http, pauses } = client();
    expect(await http.get(`${server.url}/a`, 100)).toMatchObject({ ok: false, failure: { kind: 'too-large' } });
    expect(pauses).toEqual([]);
  });

  test('goes through the proxy of the environment, and past it where no_proxy says', async () => {
    const proxy = await site({ 'http://upstream.invalid/a': 'by proxy' });
    const server = await site({ '/a': 'direct' });
    vi.stubEnv('http_proxy', proxy.url);
    const { http } = client();
    const answers = [await http.get('http://upstream.invalid/a', 100), await http.get(`${server.url}/a`, 100)];
    expect(answers.map((a) => a.ok && text(a.value.body))).toEqual(['by proxy', 'direct']);
    expect(proxy.asked).toHaveLength(1);
  });

  test('says what is wrong when nobody listens, or the name is no name', async () => {
    const server = await serve({});
    await server.close();
    const { http, pauses } = client({ attempts: 2 });
    expect(await http.get(`${server.url}/a`, 100)).toMatchObject({
      ok: false,
      failure: { kind: 'network', detail: 'the connection was refused', attempts: 2 },
    });
    expect(pauses).toEqual([1000]);
    // It was silent before: one attempt is enough to see whether it still is.
    expect(await http.get(`${server.url}/b`, 100)).toMatchObject({ ok: false, failure: { kind: 'network' } });
    expect(pauses).toEqual([1000]);
    expect(await http.get('not a url', 100)).toMatchObject({ ok: false, failure: { kind: 'unknown-host' } });
  });
});

describe('digest', () => {
  test('hashes what comes and says how far it is', async () => {
    const data = Buffer.alloc(300_000, 'z');
    const server = await site({ '/file': data });
    const seen: (number | undefined)[][] = [];
    const { http } = client();
    const answer = await http.digest(`${server.url}/file`, {}, (...sizes) => seen.push(sizes));
    expect(answer).toEqual({ ok: true, value: createHash('sha256').update(data).digest('hex') });
    expect(seen.at(-1)).toEqual([300_000, 300_000]);
  });

  test.each<[string, Route]>([
    [
      'with a length',
      (_q, r) => void (r.writeHead(200, { 'content-length': '100' }), r.write('half'), setImmediate(() => r.destroy())),
    ],
    ['in chunks', (_q, r) => void (r.write('half'), setImmediate(() => r.destroy()))],
  ])('never takes a truncated body %s for the file', async (_what, half) => {
    let count = 0;
    const server = await site({ '/file': (q, r) => (++count === 1 ? half(q, r) : r.end('whole')), '/bad': half });
    const { http } = client({ attempts: 2 });
    const answer = await http.digest(`${server.url}/file`);
    expect(answer).toEqual({ ok: true, value: createHash('sha256').update('whole').digest('hex') });
    expect(await http.digest(`${server.url}/bad`)).toMatchObject({
      ok: false,
      failure: { kind: 'truncated', attempts: 2 },
    });
  });

  test('gives up on a server that stops in the middle', async () => {
    const server = await site({ '/slow': (_q, r) => void r.write('a little') });
    const { http } = client({ attempts: 1, idleTimeout: 100 });
    expect(await http.digest(`${server.url}/slow`)).toMatchObject({
      ok: false,
      failure: { kind: 'timeout', detail: 'it stopped sending in the middle' },
    });
  });

  test('gives up on a server that does not answer at all', async () => {
    const server = await site({ '/mute': () => undefined });
    const { http } = client({ attempts: 1, answerTimeout: 100 });
    expect(await http.digest(`${server.url}/mute`)).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });

  test('takes no page of an error for the file', async () => {
    const server = await site({});
    const { http } = client();
    expect(await http.digest(`${server.url}/file`)).toMatchObject({
      ok: false,
      failure: { kind: 'status', status: 404 },
    });
  });
});

test('a date in Retry-After counts from now, and nonsense counts as nothing said', () => {
  const failure = (after: string): HttpFailure => ({
    kind: 'status',
    url: '',
    detail: '',
    headers: { 'retry-after': after },
  });
  expect(waitFor(failure('Wed, 21 Oct 2015 07:28:10 GMT'), 1, Date.UTC(2015, 9, 21, 7, 28, 0))).toBe(10_000);
  expect(waitFor(failure('Wed, 21 Oct 2015 07:28:10 GMT'), 1, Date.UTC(2016, 9, 21))).toBe(0);
  expect(waitFor(failure('soon'), 3)).toBe(4000);
});

test.each([
  ['ENOTFOUND', 'unknown-host', false],
  ['EAI_AGAIN', 'network', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', true],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', false],
])('%s is %s; another attempt may help: %s', (code, kind, retry) => {
  const failure = networkFailure('https://x', Object.assign(new Error('words'), { code }), false);
  expect([failure?.kind, failure && isRetryable(failure)]).toEqual([kind, retry]);
  // Connecting to several addresses of one host fails with all of their errors in one.
  const several = new AggregateError([Object.assign(new Error('words'), { code })]);
  expect(networkFailure('https://x', several, false)?.kind).toBe(kind);
});

test('a fault of our own is no failure of the network', async () => {
  const server = await site({ '/file': 'bytes' });
  const { http } = client();
  const broken = (): void => {
    throw new TypeError('a fault');
  };
  await expect(http.digest(`${server.url}/file`, {}, broken)).rejects.toThrow('a fault');
});
