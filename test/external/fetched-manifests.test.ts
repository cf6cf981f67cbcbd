/**
 * Manifests of upstream's that nodes fetch, put together by the applier with the real kubectl and helm and applied with the
 * rights that the set has. CI has stand-ins of the files; TRISKEL_CALICO and TRISKEL_CILIUM name folders with upstream's own.
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { applierItems } from '../../generator/components/addons/addons.ts';
import type { FileItem } from '../../generator/nodeplan/items.ts';
import { setOf } from '../support/addons.ts';
import { clusterOf } from '../support/cluster.ts';
import { startApi, type FakeApi } from './addons/api.ts';
import { startApplier } from './addons/applier.ts';

const kubectl = process.env['TRISKEL_KUBECTL'];
const helm = process.env['TRISKEL_HELM'];
const calico = process.env['TRISKEL_CALICO'];
const cilium = process.env['TRISKEL_CILIUM'];

const blueprint = (network: string, more = ''): string => `apiVersion: triskel/v1
name: fetched
endpoint: {type: external, internal: 192.0.2.5:6443}
network: {nodes: 192.0.2.0/24, ${network}}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: cp0, roles: [control-plane], address: 192.0.2.10}]
${more}`;

let root: string;
let api: FakeApi | undefined;
let child: ChildProcess | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'triskel-fetched-'));
  for (const folder of ['bin', 'addons', 'work']) mkdirSync(join(root, folder));
  symlinkSync(kubectl ?? '', join(root, 'bin/kubectl'));
  symlinkSync(helm ?? '', join(root, 'bin/helm'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await api?.stop();
  rmSync(root, { recursive: true });
});

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A control-plane node's files, with the fetched file where the test has it; `known`: the hash that was reviewed stays. */
async function boot(cluster: Cluster, fetched: string | Buffer, known = false): Promise<FakeApi> {
  const [node] = cluster.controlPlaneNodes;
  if (node === undefined) throw new Error('no control-plane node');
  const files = applierItems(cluster, node, setOf(cluster)).filter((item): item is FileItem => item.kind === 'file');
  for (const { path, content, mode } of files) {
    const folder = path.startsWith('/etc/kubernetes/addons/') ? 'addons' : '.';
    const line = /^(\S+) {2}\/opt\/triskel\/manifests\/(.+)\n$/.exec(content);
    if (line === null) writeFileSync(join(root, folder, basename(path)), content, { mode });
    else {
      const place = join(root, line[2] ?? '');
      writeFileSync(place, fetched);
      writeFileSync(join(root, folder, basename(path)), `${known ? (line[1] ?? '') : sha256(fetched)}  ${place}\n`);
    }
  }
  api = await startApi(files.find(({ path }) => path.endsWith('.jsonl'))?.content ?? '');
  const nodeInfo = { kubeletVersion: `v${cluster.versions.kubernetes}` };
  api.objects.set(`/nodes/${node.name}`, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node.name },
    status: { nodeInfo },
  });
  return api;
}

/** Runs the applier until it ends, or has said `until`. */
async function apply(url: string, until?: string): Promise<string[]> {
  const script = startApplier(root, url, { RUNTIME_DIRECTORY: join(root, 'work') });
  child = script;
  let output = '';
  const ended = new Promise<void>((resolve) => {
    for (const stream of [script.stdout, script.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
        if (until !== undefined && output.includes(until)) resolve();
      });
    }
    script.on('close', () => {
      resolve();
    });
  });
  await ended;
  script.kill('SIGKILL');
  return output.trimEnd().split('\n');
}

const CALICO = readFileSync('test/external/addons/calico.yaml', 'utf8');
const ENDED = 'addons ok: applied the add-ons of 1.36.3 revision 1';
const NODE = '/namespaces/kube-system/daemonsets/calico-node';

function variables(found: FakeApi): Record<string, string | undefined> {
  const daemonSet = found.objects.get(NODE) as unknown as IDaemonSet;
  const [container] = daemonSet.spec?.template.spec?.containers ?? [];
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}

describe.skipIf(kubectl === undefined)('Calico (TRISKEL_KUBECTL)', { timeout: 120_000 }, () => {
  test('is what was fetched, with the cluster’s own words over it', async () => {
    const found = await boot(
      clusterOf(blueprint('pods: 192.168.0.0/16, plugin: calico', 'components: {calico: {mtu: 1450}}')),
      CALICO,
    );
    expect(await apply(found.url)).toEqual([ENDED]);
    expect(found.refused).toEqual([]);
    expect(variables(found)).toMatchObject({
      DATASTORE_TYPE: 'kubernetes',
      CALICO_IPV4POOL_CIDR: '192.168.0.0/16',
      CALICO_IPV4POOL_IPIP: 'Never',
      CALICO_IPV4POOL_VXLAN: 'Always',
      FELIX_NFTABLESMODE: 'Enabled',
    });
    expect(found.objects.get('/namespaces/kube-system/configmaps/calico-config')?.['data']).toEqual({
      calico_backend: 'vxlan',
      veth_mtu: '1450',
    });
    expect(found.objects.get('/namespaces/kube-system/configmaps/kubernetes-services-endpoint')?.['data']).toEqual({
      KUBERNETES_SERVICE_HOST: '192.0.2.5',
      KUBERNETES_SERVICE_PORT: '6443',
    });
  });

  test('runs pinned images by their digest', async () => {
    const cluster = clusterOf(blueprint('plugin: calico'));
    const image = 'quay.io/calico/node:v3.32.1';
    const pins = { downloads: {}, images: { [image]: `sha256:${'a'.repeat(64)}` } };
    const found = await boot({ ...cluster, pins }, CALICO);
    expect(await apply(found.url)).toEqual([ENDED]);
    expect(JSON.stringify(found.objects.get(NODE))).toContain(`"quay.io/calico/node@sha256:${'a'.repeat(64)}"`);
  });

  test('of other content is not applied, and the rest of the set is', async () => {
    const found = await boot(clusterOf(blueprint('plugin: calico')), `${CALICO}\n# changed`, true);
    const said = await apply(found.url, 'is not the file');
    expect(said.join()).toMatch(
      /addons failed: 31-calico\.fetched: .*calico-vxlan\.yaml is not the file that was reviewed/,
    );
    expect(found.objects.has(NODE)).toBe(false);
  });

  test('without an object that the cluster changes is not applied', async () => {
    const found = await boot(clusterOf(blueprint('plugin: calico')), CALICO.replaceAll('calico-node', 'calico-agent'));
    expect((await apply(found.url, 'failed')).join()).toContain('no matches for Id');
    expect(found.objects.has('/namespaces/kube-system/daemonsets/calico-agent')).toBe(false);
  });
});

describe.skipIf(kubectl === undefined || calico === undefined)(
  'upstream’s own Calico (TRISKEL_CALICO)',
  { timeout: 240_000 },
  () => {
    test.each([
      ['calico-vxlan.yaml', ''],
      ['calico.yaml', 'components: {calico: {encapsulation: none}}'],
    ])('%s is the file of the facts, and is applied with no right missing', async (file, more) => {
      const content = readFileSync(join(calico ?? '', file));
      const found = await boot(clusterOf(blueprint('plugin: calico', more)), content, true);
      expect(await apply(found.url)).toEqual([ENDED]);
      expect(found.refused).toEqual([]);
      expect(variables(found)['CALICO_IPV4POOL_CIDR']).toBe('10.244.0.0/16');
      expect(
        [...found.objects.keys()].filter((path) => path.startsWith('/customresourcedefinitions/')).length,
      ).toBeGreaterThan(20);
    });
  },
);

/** A chart that tells its values. */
function standIn(): Buffer {
  const folder = join(root, 'chart/cilium/templates');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '../Chart.yaml'), 'apiVersion: v2\nname: cilium\nversion: 1.19.6\n');
  const map =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: {{ .Release.Namespace }}\n';
  writeFileSync(
    join(folder, 'config.yaml'),
    `${map}data:\n  release: {{ .Release.Name }}\n  kubernetes: {{ .Capabilities.KubeVersion.Version }}\n  host: {{ .Values.k8sServiceHost }}\n`,
  );
  const archive = join(root, 'chart.tgz');
  expect(spawnSync('tar', ['-czf', archive, '-C', join(root, 'chart'), 'cilium']).status).toBe(0);
  return readFileSync(archive);
}

describe.skipIf(kubectl === undefined || helm === undefined)('Cilium (TRISKEL_HELM)', { timeout: 120_000 }, () => {
  test('is what helm makes of the chart', async () => {
    const found = await boot(clusterOf(blueprint('plugin: cilium')), standIn());
    expect(await apply(found.url)).toEqual([ENDED]);
    expect(found.objects.get('/namespaces/kube-system/configmaps/cilium-config')?.['data']).toEqual({
      release: 'cilium',
      kubernetes: 'v1.36.3',
      host: '192.0.2.5',
    });
  });

  test('of a chart that helm cannot read is not applied', async () => {
    const found = await boot(clusterOf(blueprint('plugin: cilium')), 'no archive');
    expect((await apply(found.url, 'failed')).join()).toMatch(/addons failed: 31-cilium\.fetched: /);
  });
});

describe.skipIf(kubectl === undefined || helm === undefined || cilium === undefined)(
  'upstream’s own Cilium (TRISKEL_CILIUM)',
  { timeout: 240_000 },
  () => {
    test.each([
      ['in VXLAN', 'plugin: cilium', ''],
      ['by plain routes', 'plugin: cilium', 'components: {cilium: {routing: native, mtu: 1450}}'],
    ])('is the file of the facts, and is applied with no right missing %s', async (_title, network, more) => {
      const cluster = clusterOf(blueprint(network, more));
      const content = readFileSync(join(cilium ?? '', `cilium-${cluster.versions.cilium}.tgz`));
      const found = await boot(cluster, content, true);
      expect(await apply(found.url)).toEqual([ENDED]);
      expect(found.refused).toEqual([]);
      const config = found.objects.get('/namespaces/kube-system/configmaps/cilium-config')?.['data'] as Record<
        string,
        string
      >;
      expect(config).toMatchObject({
        'enable-ipv4': 'true',
        'enable-ipv6': 'false',
        ipam: 'kubernetes',
        'kube-proxy-replacement': 'false',
      });
      expect(config['routing-mode']).toBe(more === '' ? 'tunnel' : 'native');
      expect(config['mtu']).toBe(more === '' ? undefined : '1450');
      expect(JSON.stringify(found.objects.get('/namespaces/kube-system/daemonsets/cilium'))).toContain('192.0.2.5');
    });
  },
);
