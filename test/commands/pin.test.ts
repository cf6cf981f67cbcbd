import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parsePins } from '../../generator/cluster/pins.ts';
import { contextOf, type ExitCode } from '../../generator/commands/context.ts';
import { pin, type PinOptions } from '../../generator/commands/pin.ts';
import { writePins } from '../../generator/host/pins-file.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { answer, imageIndex } from '../support/registry.ts';
import { serve, type LocalServer, type Route } from '../support/server.ts';

const BOTH = imageIndex('linux/amd64', 'linux/arm64');
const hash = 'c'.repeat(64);

let folder = '';
let blueprint = '';
let pinsFile = '';
const servers: LocalServer[] = [];
beforeEach(() => {
  vi.stubEnv('no_proxy', '127.0.0.1');
  folder = mkdtempSync(join(tmpdir(), 'triskel-pin-'));
  blueprint = join(folder, 'x.yaml');
  pinsFile = join(folder, 'x.pins.yaml');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

/** Every download and every registry behind one server: hashes and indexes for all, but for what `routes` says. */
async function upstream(routes: Parameters<typeof serve>[0] = {}): Promise<LocalServer> {
  const everything: Route = (request, response) => {
    if (/^\/v2\/.*\/manifests\//.test(request.url ?? '')) answer(BOTH)(request, response);
    else if (request.url?.endsWith('.sha256') === true) response.end(hash);
    else response.writeHead(404).end();
  };
  const server = await serve({ '*': everything, ...routes });
  servers.push(server);
  return server;
}

/** A blueprint of a release whose hashes the version data does not know. */
function write(server: LocalServer, more = ''): void {
  const registries = ['registry.k8s.io', 'ghcr.io', 'docker.io', 'quay.io'];
  const mirrors = registries.map(
    (registry) => `{registry: ${registry}, endpoints: ['${server.url}'], onlyMirrors: true}`,
  );
  writeFileSync(
    blueprint,
    `apiVersion: triskel/v1
name: x
kubernetes: {version: 1.36.99}
network: {nodes: 10.0.0.0/24}
binaries: {mirror: '${server.url}/files'}
registries: {mirrors: [${mirrors.join(', ')}]}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: a, roles: [control-plane, worker], address: 10.0.0.10}]
${more}`,
  );
}

interface Said {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

async function run(options: Partial<PinOptions> = {}, json = false): Promise<Said> {
  let [out, err] = ['', ''];
  const context = contextOf(
    { json },
    {
      out: (text) => (out += text),
      err: (text) => (err += text),
      outColors: false,
      errColors: false,
      interactive: false,
      progress: noProgress,
    },
  );
  const exitCode = await pin(blueprint, { all: false, update: false, check: false, ...options }, context);
  return { exitCode, out, err };
}

const pins = (): { downloads: string[]; images: string[] } => {
  const { value } = parsePins(pinsFile, readFileSync(pinsFile, 'utf8'));
  return { downloads: Object.keys(value?.downloads ?? {}), images: Object.keys(value?.images ?? {}) };
};

describe('triskel pin', () => {
  test('says what is not pinned, pins it, and has nothing left to say', async () => {
    const server = await upstream();
    write(server);
    const before = await run({ check: true });
    expect(before.exitCode).toBe(1);
    expect(before.err).toContain('has no known sha256: https://dl.k8s.io/release/v1.36.99/bin/linux/amd64/kubelet');
    expect(before.err).toContain('registry.k8s.io/kube-apiserver:v1.36.99 has a tag and no digest');
    expect(server.asked).toEqual([]);

    const first = await run();
    expect(first.err).toBe('');
    expect(first.exitCode).toBe(0);
    expect(first.out).toContain(
      `+ https://dl.k8s.io/release/v1.36.99/bin/linux/amd64/kubelet\n    ${hash}, published in kubelet.sha256\n`,
    );
    expect(first.out).toContain(`+ registry.k8s.io/kube-apiserver:v1.36.99\n    ${BOTH.digest}\n`);
    expect(first.out).toMatch(/x\.pins\.yaml: \d+ added; \d+ pinned\n$/);
    const text = readFileSync(pinsFile, 'utf8');
    expect(text).toMatch(/^# Hashes that `triskel pin` looked up/);
    const { images, downloads } = pins();
    expect(images).toContain('registry.k8s.io/etcd:3.6.8-0');
    expect(images.length).toBeGreaterThan(5);
    expect(downloads.every((url) => url.startsWith('https://'))).toBe(true);

    const again = await run();
    expect(again.out).toMatch(/^.*: nothing changed; \d+ pinned\n$/);
    expect(readFileSync(pinsFile, 'utf8')).toBe(text);
    expect(await run({ check: true })).toMatchObject({ exitCode: 0, out: 'Everything is pinned.\n' });
  });

  test('drops what the blueprint does not use any more', async () => {
    const server = await upstream();
    write(server);
    await run();
    writeFileSync(
      pinsFile,
      readFileSync(pinsFile, 'utf8').replace('images:\n', `images:\n  old/image:1: sha256:${hash}\n`),
    );
    const said = await run();
    expect(said.out).toContain(`- old/image:1\n`);
    expect(said.out).toContain('1 dropped;');
    expect(pins().images).not.toContain('old/image:1');
  });

  test('keeps what it found where something else failed, and exits 69', async () => {
    const server = await upstream({ '/v2/etcd/manifests/3.6.8-0': (_q, r) => r.writeHead(404).end() });
    write(server);
    const said = await run();
    expect(said.exitCode).toBe(69);
    expect(said.err).toContain('pin/refused');
    expect(said.err).toContain('registry.k8s.io/etcd:3.6.8-0 could not be looked up');
    expect(pins().images).toContain('registry.k8s.io/kube-apiserver:v1.36.99');
    expect(pins().images).not.toContain('registry.k8s.io/etcd:3.6.8-0');
  });

  test('tells of a tag that moved, and takes the new image with --update alone', async () => {
    write(await upstream());
    await run();
    const old = readFileSync(pinsFile, 'utf8');
    const moved = imageIndex('linux/arm64', 'linux/amd64');
    write(await upstream({ '/v2/etcd/manifests/3.6.8-0': answer(moved) }));
    const kept = await run();
    expect(kept.exitCode).toBe(0);
    expect(kept.err).toContain('pin/moved-tag');
    expect(readFileSync(pinsFile, 'utf8')).toBe(old);
    const taken = await run({ update: true });
    expect(taken.out).toContain(`~ registry.k8s.io/etcd:3.6.8-0\n    ${moved.digest}\n`);
    expect(readFileSync(pinsFile, 'utf8')).toContain(moved.digest);
  });

  test('wants the platform of every node', async () => {
    write(await upstream({ '/v2/etcd/manifests/3.6.8-0': answer(imageIndex('linux/amd64')) }), 'os: {arch: arm64}\n');
    const said = await run();
    expect(said.exitCode).toBe(1);
    expect(said.err).toContain('registry.k8s.io/etcd:3.6.8-0 is for linux/amd64; nodes need linux/arm64');
  });

  test('counts more than the version data, once somebody has decided so', async () => {
    write(await upstream());
    writeFileSync(blueprint, readFileSync(blueprint, 'utf8').replace('kubernetes: {version: 1.36.99}\n', ''));
    const refused = await run({ all: true });
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain('pin/changed-file');
    expect(pins().downloads).toEqual([]);
    expect((await run({ all: true, update: true })).out).toContain('/kubelet\n');
    expect(await run({ all: true })).toMatchObject({ exitCode: 0, err: '' });
  });

  test('speaks JSON', async () => {
    write(await upstream());
    const { out, exitCode } = await run({}, true);
    const value = JSON.parse(out) as { ok: boolean; file: string; changes: { change: string; name: string }[] };
    expect([exitCode, value.ok, value.file]).toEqual([0, true, pinsFile]);
    expect(value.changes.map(({ change }) => change)).toContain('added');
  });

  test('never writes over pins that it cannot read', async () => {
    write(await upstream());
    writeFileSync(pinsFile, 'images: {a: b}\n');
    const said = await run();
    expect(said.exitCode).toBe(1);
    expect(said.err).toContain('cluster/pins');
    expect(readFileSync(pinsFile, 'utf8')).toBe('images: {a: b}\n');
  });

  test('asks nobody about a blueprint with a mistake', async () => {
    const server = await upstream();
    write(server, 'kubernets: {}\n');
    const said = await run();
    expect(said.exitCode).toBe(1);
    expect(said.err).toContain('Did you mean "kubernetes"?');
    expect(server.asked).toEqual([]);
    expect(existsSync(pinsFile)).toBe(false);
  });

  test.each([
    ['is not there', undefined, 'parse/unreadable'],
    ['holds no certificate', 'hello', 'pin/invalid-ca'],
    ['holds a broken one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'pin/invalid-ca'],
  ])('refuses a --ca that %s', async (_what, text, code) => {
    const server = await upstream();
    write(server);
    const ca = join(folder, 'ca.pem');
    if (text !== undefined) writeFileSync(ca, text);
    const said = await run({ ca });
    expect(said.exitCode).toBe(1);
    expect(said.err).toContain(code);
    expect(server.asked).toEqual([]);
  });

  test('says that the pins file cannot be written', () => {
    const said = writePins(join(folder, 'missing', 'x.pins.yaml'), { downloads: {}, images: {} });
    expect(said).toMatchObject([
      { code: 'pin/unwritable', message: expect.stringContaining('no such file') as string },
    ]);
  });
});
