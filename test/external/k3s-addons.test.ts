/**
 * The applier where k3s applies the manifests: the generated script for real, with a kubectl that keeps a cluster in a folder,
 * and with something that does to the folder of manifests what k3s does: it takes every file without a .skip beside it, and
 * writes down the file's sha256.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import script from '../../generator/components/addons/apply-addons.sh';
import deploy from '../../generator/components/addons/k3s-deploy.sh';
import { REPORT } from '../support/programs.ts';

/** What the script asks of kubectl: whether the API is ready, the ConfigMap, what k3s has deployed, and its complaints. */
const KUBECTL = `#!/bin/sh
case "$*" in
  *--raw=/readyz*) exit 0 ;;
  *"get configmap"*) cat "$STATE/configmap" 2>/dev/null; exit 0 ;;
  *"get addons.k3s.cattle.io"*)
    for word; do case $word in triskel-set-*) cat "$STATE/deployed/$word" 2>/dev/null ;; esac; done
    exit 0 ;;
  *"get events"*) echo 'Apply failed: no such kind'; exit 0 ;;
  *create*|*replace*) cat >"$STATE/recorded"; exit 0 ;;
esac
echo "kubectl: not expected: $*" >&2
exit 1
`;
/** As k3s' pkg/deploy/controller.go does, every 15 s there. */
const K3S = `mkdir -p "$STATE/deployed"; while :; do
  for file in "$MANIFESTS"/*.yaml; do
    [ -e "$file.skip" ] || [ -e "$STATE/refuses" ] || sha256sum <"$file" | cut -c -64 | tr -d '\\n' >"$STATE/deployed/$(basename "$file" .yaml)"
  done; sleep 0.1; done`;

let root: string;
let children: ChildProcess[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'triskel-k3s-addons-'));
  children = [];
  for (const folder of ['addons', 'bin', 'state', 'manifests']) mkdirSync(join(root, folder));
  for (const name of ['10-access', '60-prometheus']) {
    writeFileSync(join(root, `manifests/triskel-set-${name}.yaml`), `---\nkind: ${name}\n`);
    writeFileSync(join(root, `manifests/triskel-set-${name}.yaml.skip`), '');
  }
  writeFileSync(join(root, 'addons/k3s'), deploy);
  writeFileSync(join(root, 'addons/set'), 'node=m0\nkubernetes=1.36.3\nrevision=2\nsha256=aaaa\n');
  writeFileSync(join(root, 'apply-addons'), script, { mode: 0o755 });
  writeFileSync(join(root, 'bin/kubectl'), KUBECTL, { mode: 0o755 });
  start(K3S);
});
afterEach(() => {
  for (const { pid } of children) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  rmSync(root, { recursive: true });
});

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...REPORT,
    PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
    STATE: join(root, 'state'),
    MANIFESTS: join(root, 'manifests'),
    TRISKEL_MANIFESTS: join(root, 'manifests'),
  };
}

function start(line: string): { said: () => string; done: Promise<number | null> } {
  const child = spawn('sh', ['-c', line], { env: environment(), detached: true });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const done = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      children = children.filter((other) => other !== child);
      resolve(code);
    });
  });
  children.push(child);
  return { said: () => said, done };
}

const apply = (pause = '0.1') => start(`TRISKEL_PAUSE=${pause} ${join(root, 'apply-addons')} ${join(root, 'addons')}`);
const state = (name: string): string => join(root, 'state', name);
const skips = (): string[] => readdirSync(join(root, 'manifests')).filter((name) => name.endsWith('.skip'));
const has = (revision: number, sha256: string): void => {
  writeFileSync(state('configmap'), `7 1.36.3 ${String(revision)} ${sha256}`);
};

test('a new cluster gets the set, which is withheld again and written down', async () => {
  const { said, done } = apply();
  expect(await done).toBe(0);
  expect(said()).toContain('addons ok: applied the add-ons of 1.36.3 revision 2');
  expect(existsSync(state('deployed/triskel-set-60-prometheus'))).toBe(true);
  expect(readFileSync(state('recorded'), 'utf8')).toContain('sha256: "aaaa"');
  expect(skips()).toEqual(['triskel-set-10-access.yaml.skip', 'triskel-set-60-prometheus.yaml.skip']);
});

test.each([
  ['the same set', 2, 'aaaa', 'ok: the cluster has the add-ons of 1.36.3 revision 2'],
  ['a newer set', 3, 'bbbb', 'ok: the cluster has newer add-ons'],
  ['another set of the same revision', 2, 'bbbb', 'failed: the cluster has other add-ons of the same version'],
])('a cluster with %s: k3s is let deploy nothing', async (_, revision, sha256, text) => {
  has(revision, sha256);
  const { said, done } = apply();
  expect(await done).toBe(0);
  expect(said()).toContain(text);
  expect(existsSync(state('deployed/triskel-set-10-access'))).toBe(false);
  expect(skips()).toHaveLength(2);
});

test('an older set is replaced', async () => {
  has(1, 'old');
  expect(await apply().done).toBe(0);
  expect(existsSync(state('deployed/triskel-set-10-access'))).toBe(true);
});

test('what k3s does not deploy is told with its own words, and it goes on trying', async () => {
  writeFileSync(state('refuses'), '');
  const { said, done } = apply('0');
  await expect
    .poll(said, { timeout: 20_000 })
    .toContain('k3s has not deployed triskel-set-10-access yet. Apply failed');
  expect(existsSync(state('recorded'))).toBe(false);
  rmSync(state('refuses'));
  expect(await done).toBe(0);
  expect(said()).toContain('applied the add-ons');
});

test('without the part for k3s the script would apply by itself, which the stand-in refuses', () => {
  rmSync(join(root, 'addons/k3s'));
  writeFileSync(join(root, 'addons/10-x.yaml'), '---\nkind: X\n');
  const line = `timeout 3 ${join(root, 'apply-addons')} ${join(root, 'addons')} || true`;
  expect(execFileSync('sh', ['-c', line], { env: environment(), encoding: 'utf8' })).toContain('not expected');
});
