/** The guide behind blueprints/celtas.yaml: what its page asks of the tree, and the form that it was written in. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { Tree } from '../../generator/output/tree.ts';
import { treeFor } from './trees.ts';

const FILE = 'blueprints/celtas.yaml';
const TEXT = readFileSync(FILE, 'utf8');
let tree: Tree;
beforeAll(async () => {
  tree = await treeFor(FILE);
});

const file = (node: string, path: string): string => tree.get(`nodes/${node}/files${path}`) ?? '';

test('Pacemaker starts what runs the control plane, and systemd does not', () => {
  const resources = file('morrigan', '/etc/triskel/pacemaker.xml');
  for (const unit of ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager']) {
    expect(resources).toContain(`class="systemd" type="${unit}"`);
    const text = file('morrigan', `/etc/systemd/system/${unit}.service`);
    expect(text).toContain(`ExecStart=/opt/bin/${unit}`);
    expect(text).not.toMatch(/^Restart=|^\[Install\]/m);
  }
  expect(resources).toMatch(
    /<clone id="kubernetes-master-clone">[\s\S]*<group id="kubernetes-master">[\s\S]*<\/group>/,
  );
});

test('the guide’s mode 1 clones them one by one', async () => {
  const other = await treeFor(FILE, TEXT.replace('controlPlane: group', 'controlPlane: separate'));
  const resources = other.get('nodes/morrigan/files/etc/triskel/pacemaker.xml') ?? '';
  for (const name of ['APIServer', 'Scheduler', 'Controller'])
    expect(resources).toContain(`<clone id="${name}-clone">`);
});

test('the virtual IP has the page’s netmask and monitor, and moves back: its stickiness is 0', () => {
  const resources = file('balar', '/etc/triskel/pacemaker.xml');
  expect(resources).toMatch(/name="ip" value="10\.0\.0\.39"[\s\S]*name="cidr_netmask" value="24"/);
  expect(resources).toMatch(/name="monitor" interval="30s"/);
  expect(resources).toMatch(/name="resource-stickiness" value="0"/);
});

test('taranis votes and runs nothing, and is etcd’s third member', () => {
  expect(file('taranis', '/etc/corosync/corosync.conf')).toMatch(
    /name: balar[\s\S]*name: taranis|name: taranis[\s\S]*name: balar/,
  );
  expect(file('taranis', '/etc/corosync/corosync.conf')).not.toContain('two_node');
  expect(file('taranis', '/etc/systemd/system/kube-apiserver.service')).toBe('');
  expect(file('taranis', '/etc/systemd/system/etcd.service')).toContain('--name=taranis');
});

test('pods, services and host names are the page’s', () => {
  expect(file('balar', '/etc/systemd/system/kube-apiserver.service')).toContain('10.254.0.0/16');
  expect(file('balar', '/etc/kubernetes/addons/30-flannel.yaml')).toContain('10.80.0.0/16');
  const hosts = file('esus', '/etc/hosts');
  for (const name of ['taranis', 'belenus', 'morrigan', 'balar', 'artio', 'esus', 'angus', 'dagda'])
    expect(hosts).toContain(` ${name}\n`);
});

test('the volume has bricks on angus and dagda and its arbiter on belenus', () => {
  expect(file('angus', '/opt/triskel/make-gluster-volume')).toMatch(
    /replica 3 arbiter 1 \\\n +10\.0\.0\.52:\S+ \\\n +10\.0\.0\.50:\S+ \\\n +10\.0\.0\.53:/,
  );
});

test('the guide’s own form, two masters that are all of it, generates once its findings are acknowledged', async () => {
  const faithful = TEXT.replace('roles: [load-balancer, etcd]', 'roles: [load-balancer]').replace(
    /^ {2}corosync: .*\n/m,
    '',
  );
  expect(faithful).not.toContain('tieBreakers');
  const { diagnostics } = await compile(FILE, blueprintFiles(new Map([[FILE, faithful]])), noProgress);
  const open = diagnostics.filter(({ severity, acknowledged }) => severity === 'error' && acknowledged === undefined);
  const found = ['review/two-etcd-members', 'review/two-node-pacemaker'];
  expect(open.map(({ code }) => code)).toEqual(found);
  const acknowledged = found.map((code) => `  - { code: ${code}, reason: faithful to the guide }\n`);
  const other = await treeFor(FILE, `${faithful}${acknowledged.join('')}`);
  expect(other.get('nodes/balar/files/etc/corosync/corosync.conf')).toMatch(/two_node: 1\n +wait_for_all: 1/);
});
