/** Debian's docker-registry (the reference implementation of the protocol) on loopback, over HTTP and over TLS. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { toYaml } from '../../generator/base/yaml.ts';
import { httpClient, type HttpClient } from '../../generator/host/http.ts';
import { lookUpTag } from '../../generator/host/registry.ts';
import { imageManifest, stored, type Stored } from '../support/registry.ts';

const image = (repository: string, tag = 'v1') => ({ registry: 'x', repository, tag, digest: undefined });

let folder = '';
let http: HttpClient;
const processes: ChildProcess[] = [];

beforeAll(() => {
  vi.stubEnv('no_proxy', '127.0.0.1');
  folder = mkdtempSync(join(tmpdir(), 'triskel-registry-'));
  http = httpClient({ attempts: 1 });
});
afterAll(async () => {
  await http.close();
  for (const child of processes) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
  }
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Starts a registry of its own; `more` is laid into its configuration. */
async function registry(name: string, more: { http?: object; auth?: object } = {}): Promise<string> {
  const port = await freePort();
  const config = join(folder, `${name}.yaml`);
  const addr = `127.0.0.1:${String(port)}`;
  const storage = { filesystem: { rootdirectory: join(folder, name) } };
  writeFileSync(
    config,
    toYaml({ version: 0.1, log: { level: 'error' }, storage, ...more, http: { addr, ...more.http } }),
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  processes.push(child);
  const scheme = more.http === undefined ? 'http' : 'https';
  await vi.waitFor(
    async () => {
      const answer = await http.get(`${scheme}://${addr}/v2/`, 1000);
      if (!answer.ok && answer.failure.kind === 'network') throw new Error(answer.failure.detail);
    },
    { timeout: 20_000, interval: 100 },
  );
  return `${scheme}://${addr}`;
}

async function push(
  base: string,
  repository: string,
  blobs: readonly Stored[],
  manifests: Readonly<Record<string, Stored>>,
): Promise<void> {
  for (const blob of blobs) {
    const begun = await fetch(`${base}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(begun.headers.get('location') ?? '', base);
    place.searchParams.set('digest', blob.digest);
    const done = await fetch(place, { method: 'PUT', body: new Uint8Array(blob.bytes) });
    expect(done.status).toBe(201);
  }
  for (const [reference, { type, bytes }] of Object.entries(manifests)) {
    const headers = { 'content-type': type };
    const done = await fetch(`${base}/v2/${repository}/manifests/${reference}`, {
      method: 'PUT',
      headers,
      body: new Uint8Array(bytes),
    });
    expect(done.status).toBe(201);
  }
}

describe('a registry', () => {
  const amd64 = imageManifest('linux', 'amd64');
  const arm64 = imageManifest('linux', 'arm64');
  const index = stored('application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [amd64, arm64].map(({ manifest }, n) => ({
      mediaType: manifest.type,
      digest: manifest.digest,
      size: manifest.bytes.length,
      platform: { os: 'linux', architecture: n === 0 ? 'amd64' : 'arm64' },
    })),
  });
  let url = '';

  beforeAll(async () => {
    url = await registry('plain');
    const parts = { [amd64.manifest.digest]: amd64.manifest, [arm64.manifest.digest]: arm64.manifest };
    await push(url, 'team/app', [amd64.config, arm64.config], { ...parts, v1: index, single: arm64.manifest });
  }, 30_000);

  test('gives the digest of the index, and both platforms', async () => {
    const found = await lookUpTag(http, { url }, image('team/app'));
    expect(found).toEqual({ ok: true, value: { digest: index.digest, platforms: ['linux/amd64', 'linux/arm64'] } });
    const head = await fetch(`${url}/v2/team/app/manifests/v1`, { method: 'HEAD', headers: { accept: index.type } });
    expect(head.headers.get('docker-content-digest')).toBe(index.digest);
  });

  test('gives the digest of a manifest without an index, and its platform', async () => {
    const found = await lookUpTag(http, { url, mirrorOf: 'registry.k8s.io' }, image('team/app', 'single'));
    expect(found).toEqual({ ok: true, value: { digest: arm64.manifest.digest, platforms: ['linux/arm64'] } });
  });

  test.each([image('team/app', 'v2'), image('team/other')])('has no such image', async (missing) => {
    expect(await lookUpTag(http, { url }, missing)).toMatchObject({
      ok: false,
      failure: { kind: 'status', status: 404 },
    });
  });
});

test('a registry that wants a password is told from one that has nothing', async () => {
  const users = join(folder, 'htpasswd');
  // A bcrypt hash as such a file has it; nobody logs in.
  writeFileSync(users, 'nobody:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC\n');
  const url = await registry('closed', { auth: { htpasswd: { realm: 'here', path: users } } });
  expect(await lookUpTag(http, { url }, image('team/app'))).toMatchObject({
    ok: false,
    failure: { kind: 'login', status: 401 },
  });
}, 30_000);

test('a certificate counts when its CA is given, and not otherwise', async () => {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const line = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=registry -addext subjectAltName=IP:127.0.0.1`;
  execFileSync('openssl', [...line.split(' '), '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const url = await registry('tls', { http: { tls: { certificate, key } } });
  const ca = readFileSync(certificate, 'utf8');
  expect(await lookUpTag(http, { url }, image('app'))).toMatchObject({ ok: false, failure: { kind: 'certificate' } });
  expect(await lookUpTag(http, { url, ca }, image('app'))).toMatchObject({ ok: false, failure: { status: 404 } });
  const trusting = httpClient({ ca, attempts: 1 });
  expect(await lookUpTag(trusting, { url }, image('app'))).toMatchObject({ ok: false, failure: { status: 404 } });
  await trusting.close();
}, 30_000);
