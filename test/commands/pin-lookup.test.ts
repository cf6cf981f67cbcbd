import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { noPins } from '../../generator/cluster/pins.ts';
import { lookUpPins, type LookupOptions, type LookupResult } from '../../generator/commands/pin-lookup.ts';
import type { PinTargets } from '../../generator/commands/pin-targets.ts';
import { httpClient } from '../../generator/host/http.ts';
import { answer, imageIndex, imageManifest, stored } from '../support/registry.ts';
import { serve, type LocalServer, type Route } from '../support/server.ts';

const open: LocalServer[] = [];
beforeEach(() => {
  vi.stubEnv('no_proxy', '127.0.0.1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) await server.close();
});

async function site(routes: Parameters<typeof serve>[0]): Promise<LocalServer> {
  const server = await serve(routes);
  open.push(server);
  return server;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const BOTH = ['linux/amd64', 'linux/arm64'];

interface Given {
  readonly targets?: Partial<PinTargets>;
  readonly cluster?: Partial<Cluster>;
  readonly options?: Partial<LookupOptions>;
  readonly progress?: Parameters<typeof lookUpPins>[4];
}

/** Looks up with no more of a cluster than look-ups read. */
async function run({ targets, cluster, options, progress = () => undefined }: Given): Promise<LookupResult> {
  const client = httpClient({ attempts: 2, sleep: () => Promise.resolve(), idleTimeout: 200, answerTimeout: 2000 });
  open.push({ url: '', asked: [], requests: [], close: client.close });
  return lookUpPins(
    {
      binaries: { source: 'download', mirror: undefined, mirrorCa: undefined },
      mirrors: [],
      pins: noPins,
      ...cluster,
    } as unknown as Cluster,
    { downloads: [], images: [], ...targets },
    { all: false, update: false, ...options },
    client,
    progress,
  );
}

const file = (url: string, known?: string): PinTargets['downloads'][number] => ({
  url,
  title: 'kubelet 1.36.3',
  known,
});
const codes = ({ diagnostics }: LookupResult): string[] => diagnostics.map((d) => d.code);

describe('downloads', () => {
  test.each([
    ['<file>.sha256', '/v1/kubelet.sha256', a],
    ['<file>.sha256sum', '/v1/kubelet.sha256sum', `${a}  kubelet\n`],
    ['SHA256SUMS', '/v1/SHA256SUMS', `${b}  kubectl\n${a}  kubelet\n`],
  ])('are pinned by what %s says, without fetching them', async (_what, path, text) => {
    const server = await site({ [path]: text });
    const url = `${server.url}/v1/kubelet`;
    const result = await run({ targets: { downloads: [file(url)] } });
    expect(result).toMatchObject({ pins: { downloads: { [url]: a } }, diagnostics: [] });
    expect(result.changes).toEqual([{ change: 'added', name: url, hash: a, publishedAt: server.url + path }]);
    expect(server.asked).not.toContain('/v1/kubelet');
  });

  test('are fetched and hashed where nobody publishes a hash, or something else lies there', async () => {
    const server = await site({
      '/f': 'bytes',
      '/f.sha256': '<html>log in</html>',
      '/f.sha256sum': `${b}  another`,
      '/SHA256SUMS': Buffer.alloc((1 << 20) + 1),
    });
    const received: (number | undefined)[] = [];
    const result = await run({
      targets: { downloads: [file(`${server.url}/f`)] },
      progress: (_name, _done, _total, bytes) => received.push(bytes),
    });
    expect(result.pins.downloads).toEqual({ [`${server.url}/f`]: hash('bytes') });
    expect(result.changes[0]?.publishedAt).toBeUndefined();
    expect(received).toEqual([undefined, 5]);
  });

  test('come through the mirror and are kept under their upstream URL', async () => {
    const server = await site({ '/files/dl.k8s.io/release/kubelet.sha256': a });
    const url = 'https://dl.k8s.io/release/kubelet';
    const binaries = { source: 'download', mirror: `${server.url}/files`, mirrorCa: undefined } as const;
    const result = await run({ targets: { downloads: [file(url)] }, cluster: { binaries } });
    expect(result.pins.downloads).toEqual({ [url]: a });
  });

  test('with a known hash are not asked for, but by --all', async () => {
    const server = await site({ '/f.sha256': a });
    const known = { downloads: [file(`${server.url}/f`, a)] };
    expect((await run({ targets: known })).changes).toEqual([]);
    expect(server.asked).toEqual([]);
    expect((await run({ targets: known, options: { all: true } })).pins.downloads).toEqual({ [`${server.url}/f`]: a });
  });

  test('that changed under their name are told and not taken, but by --update', async () => {
    const server = await site({ '/f.sha256': b });
    const url = `${server.url}/f`;
    const given = {
      targets: { downloads: [file(url, a)] },
      cluster: { pins: { downloads: { [url]: a }, images: {} } },
    };
    const kept = await run({ ...given, options: { all: true } });
    expect(codes(kept)).toEqual(['pin/changed-file']);
    expect(kept.pins.downloads).toEqual({ [url]: a });
    const taken = await run({ ...given, options: { all: true, update: true } });
    expect(taken.changes).toMatchObject([{ change: 'changed', hash: b }]);
  });

  test.each<[string, Route | undefined, string]>([
    ['is missing', undefined, 'pin/refused'],
    [
      'ends too early',
      (_q, r) => void (r.writeHead(200, { 'content-length': '9' }), r.write('x'), setImmediate(() => r.destroy())),
      'pin/no-answer',
    ],
    ['stops in the middle', (_q, r) => void r.write('x'), 'pin/no-answer'],
    ['comes from a server that is worn out', (_q, r) => r.writeHead(503).end(), 'pin/no-answer'],
    ['redirects for ever', (_q, r) => r.writeHead(302, { location: '/f' }).end(), 'pin/unexpected-answer'],
  ])('a file that %s is told with its name, and nothing is pinned', async (_what, route, code) => {
    const server = await site(route === undefined ? {} : { '/f': route });
    const result = await run({ targets: { downloads: [file(`${server.url}/f`)] } });
    expect(codes(result)).toEqual([code]);
    expect(result.diagnostics[0]?.message).toContain('kubelet 1.36.3 could not be looked up; ');
    expect(result.pins.downloads).toEqual({});
  });

  test('wait where a server says Retry-After', async () => {
    let count = 0;
    const server = await site({
      '/f.sha256': (_q, r) => (++count === 1 ? r.writeHead(429, { 'retry-after': '1' }).end() : r.end(a)),
    });
    const result = await run({ targets: { downloads: [file(`${server.url}/f`)] } });
    expect(result.pins.downloads).toEqual({ [`${server.url}/f`]: a });
  });

  test('that redirect to another host are hashed there', async () => {
    const storage = await site({ '/blob': 'bytes' });
    const server = await site({
      '/f': (_q, r) => r.writeHead(302, { location: `${storage.url}/blob?sig=secret` }).end(),
    });
    const result = await run({ targets: { downloads: [file(`${server.url}/f`)] } });
    expect(result.pins.downloads).toEqual({ [`${server.url}/f`]: hash('bytes') });
  });
});

describe('images', () => {
  const reference = 'registry.example.org/team/app:v1';
  const path = '/v2/team/app/manifests/v1';
  const image = (platforms = ['linux/amd64']): Partial<PinTargets> => ({ images: [{ reference, platforms }] });
  const through = (...endpoints: string[]): Partial<Cluster> => ({
    mirrors: [{ registry: 'registry.example.org', endpoints, ca: undefined, onlyMirrors: true }],
  });

  test('are pinned by the digest of the index, which holds for every architecture', async () => {
    const index = imageIndex(...BOTH, 'unknown/unknown');
    const server = await site({ [path]: answer(index) });
    const result = await run({ targets: image(BOTH), cluster: through(server.url) });
    expect(result).toMatchObject({ pins: { images: { [reference]: index.digest } }, diagnostics: [] });
    expect(server.requests[0]?.headers.accept).toMatch(
      /^application\/vnd\.oci\.image\.index\.v1\+json, .*list.*manifest/,
    );
    expect(server.asked).toEqual([`${path}?ns=registry.example.org`]);
  });

  test('without an index are pinned by their manifest, if that fits the nodes', async () => {
    const { manifest, config } = imageManifest('linux', 'amd64');
    const server = await site({ [path]: answer(manifest), [`/v2/team/app/blobs/${config.digest}`]: answer(config) });
    const fits = await run({ targets: image(['linux/amd64']), cluster: through(server.url) });
    expect(fits.pins.images).toEqual({ [reference]: manifest.digest });
    const misfits = await run({ targets: image(BOTH), cluster: through(server.url) });
    expect(codes(misfits)).toEqual(['pin/no-platform']);
    expect(misfits.diagnostics[0]?.message).toContain('is for linux/amd64; nodes need linux/arm64');
    expect(misfits.pins.images).toEqual({});
  });

  test('get the token that the registry asks for', async () => {
    const index = imageIndex('linux/amd64');
    const realm = await site({ '/token': (_q, r) => r.end('{"token":"t0k"}') });
    const server = await site({
      [path]: (q, r) => {
        if (q.headers.authorization === 'Bearer t0k') answer(index)(q, r);
        else
          r.writeHead(401, {
            'www-authenticate': `Basic realm="x", Bearer realm="${realm.url}/token",service="reg istry",scope="repository:team/app:pull"`,
          }).end();
      },
    });
    const result = await run({ targets: image(), cluster: through(server.url) });
    expect(result.pins.images).toEqual({ [reference]: index.digest });
    expect(realm.asked).toEqual(['/token?service=reg+istry&scope=repository%3Ateam%2Fapp%3Apull']);
  });

  test.each<[string, Route]>([
    ['gives no token', (_q, r) => r.writeHead(401).end()],
    ['gives nonsense for a token', (_q, r) => r.end(JSON.stringify({ token: 'a\r\nb: c' }))],
    ['gives no JSON', (_q, r) => r.end('hello')],
  ])('that need a login are told: the realm %s', async (_what, token) => {
    const realm = await site({ '/token': token });
    const server = await site({
      [path]: (_q, r) => r.writeHead(401, { 'www-authenticate': `Bearer realm="${realm.url}/token"` }).end(),
    });
    const result = await run({ targets: image(), cluster: through(server.url) });
    expect(codes(result)).toEqual(['pin/login-needed']);
  });

  test('that are forbidden even with a token are told once', async () => {
    const server = await site({
      '/token': '{"access_token":"t"}',
      [path]: (q, r) =>
        r.writeHead(401, { 'www-authenticate': `Bearer realm="http://${String(q.headers.host)}/token"` }).end(),
    });
    const result = await run({ targets: image(), cluster: through(server.url) });
    expect(codes(result)).toEqual(['pin/login-needed']);
    expect(server.asked.filter((url) => url.startsWith(path))).toHaveLength(2);
  });

  test.each<[string, Route]>([
    [
      'whose bytes do not have the digest that is claimed',
      (_q, r) => r.writeHead(200, { 'docker-content-digest': `sha256:${a}` }).end(imageIndex('linux/amd64').bytes),
    ],
    ['that are a web page', (_q, r) => r.end('<html>')],
    ['of schema version 1', answer(stored('x', { schemaVersion: 1 }))],
    ['without a config', answer(stored('x', { schemaVersion: 2 }))],
    ['of more than four megabytes', (_q, r) => r.end(Buffer.alloc(5 << 20))],
  ])('%s are refused', async (_what, route) => {
    const server = await site({ [path]: route });
    const result = await run({ targets: image(), cluster: through(server.url) });
    expect(codes(result)).toEqual(['pin/unexpected-answer']);
    expect(result.pins.images).toEqual({});
  });

  test('whose config is not what the manifest says are refused', async () => {
    const { manifest, config } = imageManifest('linux', 'amd64');
    const other = imageManifest('linux', 'arm64').config;
    const server = await site({ [path]: answer(manifest), [`/v2/team/app/blobs/${config.digest}`]: answer(other) });
    expect(codes(await run({ targets: image(), cluster: through(server.url) }))).toEqual(['pin/unexpected-answer']);
  });

  test('come from the first mirror that has them', async () => {
    const index = imageIndex('linux/amd64');
    const empty = await site({});
    const full = await site({ [`/cache${path}`]: answer(index) });
    const result = await run({ targets: image(), cluster: through(empty.url, `${full.url}/cache/v2`) });
    expect(result).toMatchObject({ pins: { images: { [reference]: index.digest } }, diagnostics: [] });
  });

  test('that no mirror has are told with every place that was asked', async () => {
    const [one, two] = [await site({}), await site({})];
    const result = await run({ targets: image(), cluster: through(one.url, two.url) });
    expect(codes(result)).toEqual(['pin/refused']);
    expect(result.diagnostics[0]?.message).toContain(`${one.url}${path}`);
    expect(result.diagnostics[0]?.message).toContain(`${two.url}${path}`);
  });

  test('whose tag moved keep their pin, but by --update', async () => {
    const index = imageIndex('linux/amd64');
    const server = await site({ [path]: answer(index) });
    const cluster = { ...through(server.url), pins: { downloads: {}, images: { [reference]: `sha256:${a}` } } };
    const kept = await run({ targets: image(), cluster });
    expect(codes(kept)).toEqual(['pin/moved-tag']);
    expect(kept.pins.images).toEqual({ [reference]: `sha256:${a}` });
    const taken = await run({ targets: image(), cluster, options: { update: true } });
    expect(taken.changes).toEqual([{ change: 'changed', name: reference, hash: index.digest }]);
  });

  test('that are pinned stay pinned when nobody answers', async () => {
    const server = await site({ [path]: (_q, r) => r.writeHead(500).end() });
    const cluster = { ...through(server.url), pins: { downloads: {}, images: { [reference]: `sha256:${a}` } } };
    const result = await run({ targets: image(), cluster });
    expect(result.diagnostics).toMatchObject([{ code: 'pin/unchecked', severity: 'warning' }]);
    expect(result.pins.images).toEqual({ [reference]: `sha256:${a}` });
  });
});

test('entries that nothing uses are dropped, and all changes are in order', async () => {
  const server = await site({ '/f.sha256': a, '/e.sha256': b });
  const cluster = { pins: { downloads: { 'https://old/file': b }, images: { 'old/image:1': `sha256:${b}` } } };
  const result = await run({ targets: { downloads: [file(`${server.url}/f`), file(`${server.url}/e`)] }, cluster });
  expect(result.pins).toEqual({ downloads: { [`${server.url}/e`]: b, [`${server.url}/f`]: a }, images: {} });
  expect(result.changes.map(({ change, name }) => `${change} ${name}`)).toEqual([
    `added ${server.url}/e`,
    `added ${server.url}/f`,
    'dropped https://old/file',
    'dropped old/image:1',
  ]);
});
