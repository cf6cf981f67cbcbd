/**
 * Labs of other kinds of clusters, and of programs that are the user's own: IPv6 alone, an endpoint on every node's loopback, kubeadm
 * without the internet, a mirror. Needs what test/alone/lab.test.ts needs.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sha256 } from '../../generator/base/digests.ts';
import { formatPins } from '../../generator/cluster/pins.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { programVersions } from '../../generator/host/lab/images.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { programsOf, standInFor } from '../../generator/lab/programs.ts';
import { blueprintOf, SSH_KEY, workplace, type Ran } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';

vi.setConfig({ testTimeout: 600_000 });

const blueprint = (name: string, endpoint: string, network: string, nodes: readonly string[]): string =>
  `apiVersion: triskel/v1
name: ${name}
endpoint: ${endpoint}
network: ${network}
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [${SSH_KEY}] }] }
nodes:
${nodes.map((node) => `  - ${node}\n`).join('')}`;

/** A lab with some of a blueprint's nodes; they have all to complete their boots. */
function labOf(
  text: string,
  name: string,
  nodes: readonly string[],
  { mirror, pins }: { mirror?: string; pins?: string } = {},
): (...args: string[]) => Ran {
  const place = workplace({ 'lab.yaml': text, ...(pins === undefined ? {} : { 'lab.pins.yaml': pins }) });
  const lab = (...args: string[]): Ran => place.run('lab', ...args);
  onTestFinished(() => void lab('down', '--lab', name));
  const up = lab(
    'up',
    'blueprints/lab.yaml',
    ...nodes,
    '--name',
    name,
    '--timeout',
    '300',
    ...(mirror === undefined ? [] : ['--mirror', mirror]),
  );
  expect(up.out + up.err).toContain(`${String(nodes.length)} complete, in`);
  return (command = '', ...args) => lab(command, '--lab', name, ...args);
}

/** Names of checks that fail, once there are as few of them as there must be. */
async function failing(lab: (...args: string[]) => Ran, expected: readonly string[]): Promise<void> {
  await vi.waitFor(
    () => {
      const { checks } = JSON.parse(lab('verify', '--json').out) as { checks: { name: string; state: string }[] };
      expect(checks.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual(expected);
      expect(checks.filter(({ state }) => state === 'ok').length).toBeGreaterThan(5);
    },
    { timeout: 60_000, interval: 1000 },
  );
}

/** Checks that read the API's objects. */
const OBJECTS = [
  'every API server serves',
  'every node is ready',
  'every node runs the blueprint’s version',
  'a controller-manager leads',
  'a scheduler leads',
  'the add-ons are applied',
  'the add-ons’ pods are ready',
];

const lost = (node: string): string[] => [
  `the API server of ${node} is ready`,
  `haproxy of ${node} leads to the API`,
  `etcd of ${node} is healthy`,
];

describe.skipIf(IMAGES === '')('labs of all kinds (TRISKEL_IMAGES)', () => {
  test('IPv6 alone, with a virtual IP', async () => {
    const text = blueprint(
      'six',
      "{ type: keepalived, internal: '[2001:db8:5::5]:8443' }",
      '{ nodes: 2001:db8:5::/64, pods: 2001:db8:6::/56, services: 2001:db8:7::/112 }',
      ['10', '11', '12'].map(
        (last, index) => `{ name: cp${String(index)}, roles: [control-plane], address: '2001:db8:5::${last}' }`,
      ),
    );
    const lab = labOf(text, 'test-six', ['cp0', 'cp1']);
    await failing(lab, lost('cp2'));
    expect(lab('status').out).toMatch(/^cp[01] +on +complete +control-plane +2001:db8:5::1[01] +2001:db8:5::5$/m);
    expect(lab('exec', 'cp0', '--', 'ip', '-4', 'address', 'show', 'eth0').out).toBe('');
  });

  test('an endpoint on every node’s loopback', async () => {
    const endpoint = '{ type: loopback, internal: 127.0.0.1:7443, external: 192.0.2.10:6443 }';
    const text = blueprint('loop', endpoint, '{ nodes: 192.0.2.0/24 }', [
      '{ name: cp0, roles: [control-plane], address: 192.0.2.10 }',
      '{ name: worker0, roles: [worker], address: 192.0.2.20 }',
    ]);
    const lab = labOf(text, 'test-loop', ['cp0', 'worker0']);
    await failing(lab, []);
    expect(lab('status').out).toMatch(/^worker0 +on +complete +worker +192\.0\.2\.20$/m);
    const ask = 'curl --silent --cacert /etc/kubernetes/pki/ca.crt https://127.0.0.1:7443/readyz';
    expect(lab('exec', 'worker0', '--', 'sh', '-c', ask)).toMatchObject({ code: 0, out: 'ok' });
  });

  test('kubeadm-ha, which reaches nothing outside', async () => {
    const lab = labOf(readFileSync('blueprints/kubeadm-ha.yaml', 'utf8'), 'test-kubeadm', ['master1', 'master2']);
    await failing(lab, lost('master3'));
    const { out } = lab('status');
    expect(out).toMatch(/^master[12] +on +complete +control-plane +10\.37\.129\.[78] +10\.37\.129\.10$/m);
    expect(out).toContain('not as in the blueprint: the control plane runs as units of the machine');
  });

  /**
   * Debian's etcd and containerd, packed as upstream packs them, stand in for upstream's own; what the lab has in place of
   * kube-apiserver stands in for the real one, which is to be had nowhere here. What is tried is the way of the files.
   */
  test('the user’s own programs from a mirror', async () => {
    const etcd = programVersions().get('etcd-server')!.replace(/-.*/, '');
    const versions = `{ version: 1.35.7 }\ncontrolPlane: { runs: systemd }\ncomponents: { etcd: { version: ${etcd} } }`;
    const text = blueprintOf('mirrored', ['cp0'], `kubernetes: ${versions}\n`);
    const folder = workplace().folder;
    const hashes = await fillMirror(folder, text);
    expect([...hashes.keys()]).toEqual(['containerd', 'etcd', 'kube-apiserver']);
    // Nobody knows the hash of Debian's etcd in upstream's place but the user.
    const [url = '', hash = ''] = hashes.get('etcd') ?? [];
    const pins = formatPins({ downloads: { [url]: hash }, images: {} });
    const lab = labOf(text, 'test-mirror', ['cp0'], { mirror: folder, pins });
    // An API server of the user's own is asked for its objects, of which this one has none.
    await failing(lab, OBJECTS);
    const { out } = lab('status');
    expect(out).toMatch(/^not as in the blueprint: your mirror’s programs: .*containerd, .*etcd, .*kube-apiserver$/m);
    expect(out).toMatch(
      /^not as in the blueprint: your mirror’s files for containerd, .*kube-apiserver have another sha256/m,
    );
    expect(out).not.toContain('Debian’s etcd');
    expect(out).not.toMatch(/stand-ins in place of .*kube-apiserver/);
    expect(lab('exec', 'cp0', '--', 'tail', '-n1', '/opt/bin/kube-apiserver').out).toBe('# of the user’s own mirror\n');
  });
});

/** Lays some of the files that a blueprint's nodes fetch into a folder, as every mirror has them: URL and sha256 by program. */
async function fillMirror(folder: string, text: string): Promise<Map<string, readonly [string, string]>> {
  const { cluster, plans } = await compile('lab.yaml', blueprintFiles(new Map([['lab.yaml', text]])), noProgress);
  const programs = join(IMAGES, 'forky/programs/usr/bin');
  const items = plans.flatMap(({ downloads }) => downloads);
  const made = new Map<string, readonly [string, string]>();
  for (const name of ['containerd', 'etcd', 'kube-apiserver']) {
    const item = items.find((each) => programsOf(each).includes(name));
    if (cluster === undefined || item === undefined) continue;
    const file = join(folder, item.url.replace('https://', ''));
    mkdirSync(dirname(file), { recursive: true });
    if (item.members === undefined)
      writeFileSync(file, `${standInFor(name, cluster.versions)}\n# of the user’s own mirror\n`, { mode: 0o755 });
    else {
      // Upstream's archives have a folder around their members.
      const inner = basename(file).replace('.tar.gz', '');
      mkdirSync(join(folder, 'work', inner), { recursive: true });
      for (const member of item.members) copyFileSync(join(programs, member), join(folder, 'work', inner, member));
      execFileSync('tar', ['--create', '--gzip', '--file', file, '--directory', join(folder, 'work'), inner]);
    }
    made.set(name, [item.url, sha256(readFileSync(file))]);
  }
  return made;
}
