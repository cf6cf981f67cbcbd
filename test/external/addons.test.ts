/**
 * The applier's script for real, with a kubectl that keeps a cluster in a folder (addons/kubectl.sh). What the script
 * says goes to the console of the machine, so that its words are part of what is tested.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REPORT } from '../support/programs.ts';
import script from '../../generator/components/addons/apply-addons.sh';
import { parse } from 'yaml';

const object = (kind: string, name: string): string =>
  `---\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;
const FILES = {
  '00-namespaces.yaml': object('Namespace', 'kube-flannel'),
  '01-definitions.yaml': object('CustomResourceDefinition', 'widgets.example.org'),
  '20-kube-proxy.yaml': object('ConfigMap', 'kube-proxy') + object('DaemonSet', 'kube-proxy'),
  '90-0-widget.yaml': object('Widget', 'w'),
};
const ALL = [
  'Namespace kube-flannel',
  'CustomResourceDefinition widgets.example.org',
  'ConfigMap kube-proxy',
  'DaemonSet kube-proxy',
  'Widget w',
];

let root: string;
let group: number | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'triskel-addons-'));
  for (const folder of ['addons', 'bin', 'state', 'state/failures', 'state/conflicts', 'state/hooks'])
    mkdirSync(join(root, folder));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(root, 'addons', name), content);
  writeFileSync(join(root, 'apply-addons'), script, { mode: 0o755 });
  copyFileSync('test/external/addons/kubectl.sh', join(root, 'bin/kubectl'));
  chmodSync(join(root, 'bin/kubectl'), 0o755);
  brings('1.36.3', 1, 'aaaa');
});
afterEach(() => {
  // A run that has not ended by itself would go on for ever.
  if (group !== undefined) process.kill(-group, 'SIGKILL');
  group = undefined;
  rmSync(root, { recursive: true });
});

/** What this node brings. */
function brings(kubernetes: string, revision: number, sha256: string): void {
  const facts = `node=m0\nkubernetes=${kubernetes}\nrevision=${String(revision)}\nsha256=${sha256}\n`;
  writeFileSync(join(root, 'addons/set'), facts);
}

/** What the cluster has. */
function has(kubernetes: string, revision: number, sha256: string): void {
  state('version', '7');
  state(
    'configmap',
    `data:\n  kubernetes: "${kubernetes}"\n  revision: "${String(revision)}"\n  sha256: "${sha256}"\n`,
  );
}

function state(name: string, content: string): void {
  writeFileSync(join(root, 'state', name), content);
}

function applied(): string[] {
  const file = join(root, 'state/applied');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

function recorded(): Record<string, string> | undefined {
  const file = join(root, 'state/configmap');
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as { data: Record<string, string> }).data : undefined;
}

/** Runs the script to its end, in a group of its own so that a hook may kill all of it. */
async function run(): Promise<{ code: number | null; said: string[] }> {
  const child = spawn(join(root, 'apply-addons'), [join(root, 'addons')], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, STATE: join(root, 'state'), TRISKEL_PAUSE: '0', ...REPORT },
  });
  group = child.pid;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (group === child.pid) group = undefined;
  return { code, said: output.trimEnd().split('\n') };
}

test('first boot: all is applied in order, then written down', async () => {
  const { code, said } = await run();
  expect(said).toEqual(['addons ok: applied the add-ons of 1.36.3 revision 1']);
  expect(code).toBe(0);
  expect(applied()).toEqual(['labelled', ...ALL]);
  expect(recorded()).toEqual({ kubernetes: '1.36.3', revision: '1', sha256: 'aaaa', kept: '' });
});

test('nothing is ever forced', async () => {
  await run();
  expect(readFileSync(join(root, 'state/calls'), 'utf8')).not.toContain('force');
});

test('second boot: an equal set is not applied again, and the node is labelled again', async () => {
  has('1.36.3', 1, 'aaaa');
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toEqual(['addons ok: the cluster has the add-ons of 1.36.3 revision 1']);
  expect(applied()).toEqual(['labelled']);
});

test.each([
  ['1.36.10', 1, '1.36.9', 1],
  ['1.36.3', 10, '1.36.3', 9],
  ['1.37.0', 1, '1.36.3', 4],
])(
  '%s revision %i in the cluster is newer than ours, %s revision %i',
  async (theirs, theirRevision, ours, revision) => {
    has(theirs, theirRevision, 'bbbb');
    brings(ours, revision, 'aaaa');
    const { code, said } = await run();
    expect(code).toBe(0);
    expect(said).toEqual([
      `addons ok: the cluster has newer add-ons, ${theirs} revision ${String(theirRevision)}: ` +
        `those of this node, ${ours} revision ${String(revision)}, are not applied`,
    ]);
    expect(applied()).toEqual(['labelled']);
    expect(recorded()).toMatchObject({ sha256: 'bbbb' });
  },
);

test.each([
  ['1.36.9', 1, '1.36.10', 1],
  ['1.36.3', 9, '1.36.3', 10],
  ['1.36.3', 4, '1.37.0', 1],
])(
  '%s revision %i in the cluster is older than ours, %s revision %i',
  async (theirs, theirRevision, ours, revision) => {
    has(theirs, theirRevision, 'bbbb');
    brings(ours, revision, 'aaaa');
    state('nodes', `v${ours} m0\nv${ours} m1\n`);
    expect((await run()).code).toBe(0);
    expect(applied()).toEqual(['labelled', ...ALL]);
    expect(recorded()).toEqual({ kubernetes: ours, revision: String(revision), sha256: 'aaaa', kept: '' });
    expect(readFileSync(join(root, 'state/version'), 'utf8')).toBe('8\n');
  },
);

test('another set of the same version is not applied, and that is said plainly', async () => {
  has('1.36.3', 1, 'bbbb');
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toEqual([
    'addons failed: the cluster has other add-ons of the same version, 1.36.3 revision 1: NOT applied. ' +
      'Raise addons.revision in the blueprint.',
  ]);
  expect(applied()).toEqual(['labelled']);
});

test('a mark that says nothing stops everything', async () => {
  state('version', '7');
  state('configmap', 'data:\n  kubernetes: "1.36.3"\n');
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said[0]).toContain('does not say which add-ons the cluster has: nothing is applied');
  expect(applied()).toEqual(['labelled']);
});

test('a field that an operator changed keeps its object as it is, and all others are applied', async () => {
  state('conflicts/ConfigMap-kube-proxy', '.data.config.yaml');
  const { code, said } = await run();
  const kept =
    'ConfigMap kube-proxy (20-kube-proxy.yaml, object 1) has 1 conflict: conflict with "kubectl-edit" using v1: .data.config.yaml';
  expect(code).toBe(0);
  expect(said).toEqual([`addons note: kept as it is: ${kept}`, 'addons ok: applied the add-ons of 1.36.3 revision 1']);
  expect(applied()).toEqual(['labelled', ...ALL.filter((name) => name !== 'ConfigMap kube-proxy')]);
  expect(recorded()).toMatchObject({ sha256: 'aaaa', kept });
});

test('the API is late, and so is the node: it waits and says so once', async () => {
  state('unready', '5');
  state('unregistered', '2');
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toEqual([
    'addons waiting: waits for the API server of this node',
    'addons waiting: the node m0 cannot be labelled yet: Error from server (NotFound): nodes "m0" not found',
    'addons ok: applied the add-ons of 1.36.3 revision 1',
    'addons waiting: the node m0 cannot be labelled yet: Error from server (NotFound): nodes "m0" not found',
    'addons ok: the cluster has the add-ons of 1.36.3 revision 1',
    'addons ok: the cluster has the add-ons of 1.36.3 revision 1',
  ]);
  expect(applied()).toEqual([...ALL, 'labelled']);
});

test('a failure is told once and tried again, without hiding the others, and nothing is written down before', async () => {
  state('failures/ConfigMap-kube-proxy', '3');
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toEqual([
    'addons failed: ConfigMap kube-proxy (20-kube-proxy.yaml, object 1): Error from server (InternalError): ConfigMap-kube-proxy',
    'addons ok: applied the add-ons of 1.36.3 revision 1',
  ]);
  expect(applied().filter((name) => name === 'DaemonSet kube-proxy')).toHaveLength(4);
  expect(applied().filter((name) => name === 'ConfigMap kube-proxy')).toHaveLength(1);
});

test('kubectl’s own log, whose lines bear the time, does not make the same failure a new one', async () => {
  state('failures/ConfigMap-kube-proxy', '2');
  state('hooks/ConfigMap-kube-proxy', 'echo "E1121 04:27:57.0$(wc -l <calls) memcache.go:265] unhandled" >&2\n');
  const { said } = await run();
  expect(said.filter((line) => line.includes('failed'))).toHaveLength(1);
});

test('killed half-way: nothing is written down, and the next run makes all of it', async () => {
  state('hooks/DaemonSet-kube-proxy', 'rm hooks/DaemonSet-kube-proxy; kill -9 0\n');
  expect((await run()).code).toBeNull();
  expect(applied()).toEqual(['labelled', ...ALL.slice(0, 3)]);
  expect(recorded()).toBeUndefined();
  expect((await run()).code).toBe(0);
  expect(applied().slice(4)).toEqual(['labelled', ...ALL]);
  expect(recorded()).toMatchObject({ sha256: 'aaaa' });
});

test('another node brings newer add-ons meanwhile: ours stop at once', async () => {
  const newer = 'kubernetes: "1.36.4"\\n  revision: "1"\\n  sha256: "cccc"';
  state(
    'hooks/CustomResourceDefinition-widgets.example.org',
    `printf 'data:\\n  ${newer}\\n' >configmap; echo 9 >version\n`,
  );
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toEqual([
    'addons ok: the cluster has newer add-ons, 1.36.4 revision 1: those of this node, 1.36.3 revision 1, are not applied',
  ]);
  expect(applied()).not.toContain('ConfigMap kube-proxy');
  expect(recorded()).toMatchObject({ sha256: 'cccc' });
});

test('another node is faster at the last moment: it is not overwritten', async () => {
  state(
    'hooks/Widget-w',
    `printf 'data:\\n  kubernetes: "1.36.4"\\n  revision: "1"\\n  sha256: "cccc"\\n' >configmap; echo 9 >version\n`,
  );
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said[0]).toContain('cannot be written down yet: Error from server (AlreadyExists)');
  expect(said[1]).toContain('the cluster has newer add-ons');
  expect(recorded()).toMatchObject({ sha256: 'cccc' });
});

test('a new minor version waits for control-plane nodes that are older', async () => {
  has('1.36.3', 4, 'bbbb');
  brings('1.37.0', 1, 'aaaa');
  state('nodes', 'v1.37.0 m0\nv1.36.3 m1\nv1.36.9 m2\n');
  // The node that lags is upgraded while the script asks for the second time.
  const upgrade = `[ "$(grep -c 'get nodes' calls)" -lt 3 ] || echo 'v1.37.0 m0' >nodes\n`;
  const stub = readFileSync('test/external/addons/kubectl.sh', 'utf8').replace(
    '*) cat nodes ;;',
    `*) ${upgrade} cat nodes ;;`,
  );
  writeFileSync(join(root, 'bin/kubectl'), stub, { mode: 0o755 });
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toEqual([
    'addons waiting: the add-ons of Kubernetes 1.37 wait for the control-plane nodes that are older: m1 (v1.36.3) m2 (v1.36.9)',
    'addons ok: applied the add-ons of 1.37.0 revision 1',
  ]);
});
