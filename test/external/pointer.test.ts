/**
 * The real Ignition and the real cloud-init fetch what a pointer points at, from a server of ours, and take it only if it
 * is the right file. Needs root, for namespaces of their own.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from 'ignition-config-types/v3_3';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sha512 } from '../../generator/base/digests.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { pointerText, servedName } from '../../generator/renderers/pointer.ts';
import { adaptedPlan, items, rendererOf, smallCluster, type System } from '../support/plans.ts';
import { run, runBeside, type Run } from '../support/programs.ts';
import { serve, type LocalServer, type Route } from '../support/server.ts';

vi.setConfig({ testTimeout: 120_000 });

const ENGINE = process.env['TRISKEL_IGNITION'] ?? '';

let folder: string;
let tls: { key: string; cert: string };
let server: LocalServer | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-pointer-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...made, ...subject], { stdio: 'ignore' });
  tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A payload on a server that answers as `answer` says, and the user data that points at it. */
async function served(system: System, plan: NodePlan, answer: (payload: Uint8Array) => Route | Uint8Array, over = tls) {
  const renderer = rendererOf(system);
  const payload = renderer.sealed(plan, 'plain');
  const name = servedName(plan, renderer, sha512(payload));
  const secure = over === tls;
  server = await serve({ [`/k8s/${name}`]: answer(payload) }, secure ? tls : undefined);
  const serving = { url: `${server.url}/k8s`, ca: secure ? tls.cert : undefined, always: true, proxy: undefined };
  return pointerText(plan, renderer, serving, sha512(payload));
}

/** The first answers fail, as those of a server that is being started. */
const afterFailures =
  (count: number) =>
  (payload: Uint8Array): Route => {
    let failed = 0;
    return (_request, response) => {
      if (failed++ < count) response.writeHead(503).end();
      else response.end(payload);
    };
  };

const changed = (payload: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(payload).toString().replace('master0', 'master1'));

describe.skipIf(ENGINE === '')('Ignition (TRISKEL_IGNITION names its engine)', () => {
  const plan = adaptedPlan(
    smallCluster('flatcar'),
    items.filter(({ kind }) => kind !== 'filesystem' && kind !== 'user'),
  );
  const script = `set -eu
mount -t tmpfs tmpfs /run
for stage in fetch files; do
  "$1" --platform=file --stage=$stage --root="$2" --config-cache=/run/ignition.json --log-to-stdout
done`;

  async function boot(pointer: string, root: string): Promise<Run> {
    mkdirSync(join(root, 'etc/selinux'), { recursive: true });
    writeFileSync(join(root, 'etc/selinux/config'), 'SELINUX=disabled\nSELINUXTYPE=none\n');
    writeFileSync(join(folder, 'setfiles'), '#!/bin/sh\ncat >/dev/null\n');
    chmodSync(join(folder, 'setfiles'), 0o755);
    const config = join(folder, 'pointer.ign');
    writeFileSync(config, pointer);
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, IGNITION_CONFIG_FILE: config };
    return runBeside('unshare', ['--mount', 'sh', '-c', script, 'sh', ENGINE, root], env);
  }

  test('fetches by TLS from a server with a CA of its own, once the server is up, and writes the plan', async () => {
    const root = join(folder, 'fetched');
    const { code, output } = await boot(await served('flatcar', plan, afterFailures(2)), root);
    expect(code, output).toBe(0);
    expect(server?.asked.length).toBe(3);
    for (const { path, content, mode } of plan.files) {
      expect(readFileSync(join(root, path), 'utf8')).toBe(content);
      expect(lstatSync(join(root, path)).mode & 0o7777).toBe(mode);
    }
  });

  test('refuses another file than the pointer names', async () => {
    const root = join(folder, 'refused');
    const { code, output } = await boot(await served('flatcar', plan, changed), root);
    expect(code).not.toBe(0);
    expect(output).toMatch(/hash verification failed/i);
    expect(existsSync(join(root, 'etc/hostname'))).toBe(false);
  });

  test('refuses a server that the CA does not know', async () => {
    const pointer = await served('flatcar', plan, (payload) => payload);
    const { security, ...rest } = (JSON.parse(pointer) as Config).ignition;
    expect(security).toBeDefined();
    const limited = JSON.stringify({ ignition: { ...rest, timeouts: { httpTotal: 3 } } });
    const { code, output } = await boot(limited, join(folder, 'unknown'));
    expect(code).not.toBe(0);
    expect(output).toMatch(/certificate signed by unknown authority|failed to verify certificate/);
  });
});

/** Each version's Python modules, run by this machine's Python; the first is installed. */
const versions = [
  ['Debian 12', ''],
  ['Debian 13 (TRISKEL_CLOUD_INIT_13 names its Python modules)', process.env['TRISKEL_CLOUD_INIT_13']],
  ['Debian testing (TRISKEL_CLOUD_INIT_NEWEST names its Python modules)', process.env['TRISKEL_CLOUD_INIT_NEWEST']],
] as const;

describe.each(versions)('cloud-init of %s', (_title, modules) => {
  const env = modules === undefined || modules === '' ? {} : { PYTHONPATH: modules };
  const plan = adaptedPlan(smallCluster('debian'), [
    ...items.filter(({ kind }) => kind !== 'link'),
    // Debian has a group of that name.
    { kind: 'user', name: 'operator', sshKeys: ['ssh-ed25519 CCCC'], sudo: true } satisfies PlanItem,
    { kind: 'file', path: '/etc/triskel/last', mode: 0o640, content: 'last\n' } satisfies PlanItem,
  ]);
  let place = '';
  afterEach(() => {
    if (place !== '') rmSync(place, { recursive: true, force: true });
  });

  async function boot(userData: string | Uint8Array): Promise<Run> {
    place = mkdtempSync(join(folder, 'debian-'));
    writeFileSync(join(place, 'user-data'), userData);
    const { code, output } = await runBeside('unshare', ['--mount', '--uts', 'test/support/first-boot.sh', place], env);
    return { code, output: output + text('console') + text('output') };
  }
  const text = (name: string): string => (existsSync(join(place, name)) ? readFileSync(join(place, name), 'utf8') : '');
  /** Each call's words in one order: newer versions ask apt for packages in any. */
  const callsMade = (): string[] =>
    text('calls')
      .trim()
      .split('\n')
      .map((line) => line.split(' ').sort().join(' '));
  const written = (path: string): string => join(place, 'written', path);

  test.skipIf(modules === undefined)(
    'does with a payload that it fetches what it does with the same payload as user data',
    async () => {
      const { code, output } = await boot(rendererOf('debian').sealed(plan, 'plain'));
      expect(code, output).toBe(0);
      const calls = callsMade();
      expect(calls.at(-1)).toMatch(/^--no-block .* start systemctl /);
      const listing = listed(written(''));

      const pointed = await boot(await served('debian', plan, afterFailures(1)));
      expect(pointed.code, pointed.output).toBe(0);
      expect(pointed.output).toMatch(
        /^triskel\/1 node=master0 phase=configuration state=waiting say="cannot fetch .*HTTP Error 503.*"$/m,
      );
      expect(callsMade()).toEqual(calls);
      const own = ['./etc/triskel/payload-ca.pem', './opt/triskel/fetch-payload'];
      expect(listed(written('')).filter((line) => !own.some((path) => line.endsWith(path)))).toEqual(listing);
      for (const { path, content } of plan.files) expect(readFileSync(written(path), 'utf8')).toBe(content);
      expect(text('hostname')).toBe('master0\n');
    },
  );

  test.skipIf(modules === undefined)('applies nothing of another file than the pointer names', async () => {
    const { output } = await boot(await served('debian', plan, changed));
    expect(output).toMatch(
      /^triskel\/1 node=master0 phase=configuration state=failed exit=1 say="https:.* does not have the sha512 [0-9a-f]{128}; nothing was started"$/m,
    );
    expect(text('calls')).toBe('');
    expect(existsSync(written('etc/awkward'))).toBe(false);
    for (const user of ['core', 'operator'])
      expect(existsSync(written(`home/${user}/.ssh/authorized_keys`)), `${user} can log in and look`).toBe(true);
  });
});

/** Mode, owner and content's hash of every file that a boot wrote, but for what cloud-init writes about itself. */
function listed(root: string): string[] {
  const command = String.raw`find . -type f ! -path './var/*' ! -path './etc/cloud/*' ! -path './root/*' -printf '%m %u %p\n' | sort -k 3`;
  return run('sh', ['-c', `cd "$1" && ${command}`, 'sh', root])
    .output.trim()
    .split('\n');
}
