/**
 * The applier with the real kubectl and the real sets, against an API that lets through what the authorization policy
 * allows and nothing else: its rights are enough, and its words are ones that kubectl understands.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { applierItems } from '../../generator/components/addons/addons.ts';
import type { FileItem } from '../../generator/nodeplan/items.ts';
import { setOf } from '../support/addons.ts';
import { clusterOf, exampleCluster } from '../support/cluster.ts';
import { startApi, type FakeApi } from './addons/api.ts';
import { startApplier } from './addons/applier.ts';

/** No distribution packages one that is new enough. */
const kubectl = process.env['TRISKEL_KUBECTL'];
const MANIFEST = `# of the operator's own
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gateways.example.org}
spec: {group: example.org, scope: Namespaced, names: {kind: Gateway, plural: gateways}}
---
{apiVersion: example.org/v1, kind: Gateway, metadata: {name: g}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: shop, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: []
`;

let root: string;
let api: FakeApi | undefined;
let child: ChildProcess | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'triskel-kubectl-'));
  mkdirSync(join(root, 'bin'));
  symlinkSync(kubectl ?? '', join(root, 'bin/kubectl'));
});
afterEach(async () => {
  // A run that has not ended by itself would go on for ever.
  child?.kill('SIGKILL');
  await api?.stop();
  rmSync(root, { recursive: true });
});

/** Writes what a control-plane node has to disk, and starts an API with that node's policy. */
async function boot(cluster: Cluster): Promise<FakeApi> {
  const [node] = cluster.controlPlaneNodes;
  if (node === undefined) throw new Error('no control-plane node');
  const files = applierItems(cluster, node, setOf(cluster)).filter((item): item is FileItem => item.kind === 'file');
  mkdirSync(join(root, 'addons'), { recursive: true });
  for (const { path, content, mode } of files) {
    const folder = path.startsWith('/etc/kubernetes/addons/') ? 'addons' : '.';
    writeFileSync(join(root, folder, basename(path)), content, { mode });
  }
  api = await startApi(files.find(({ path }) => path.endsWith('.jsonl'))?.content ?? '');
  for (const { name } of cluster.controlPlaneNodes) {
    const nodeInfo = { kubeletVersion: `v${cluster.versions.kubernetes}` };
    api.objects.set(`/nodes/${name}`, { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { nodeInfo } });
  }
  return api;
}

async function run(url: string): Promise<string[]> {
  const script = startApplier(root, url);
  let output = '';
  child = script;
  for (const stream of [script.stdout, script.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve) => script.on('close', resolve));
  expect(code, output).toBe(0);
  return output.trimEnd().split('\n');
}

describe.skipIf(kubectl === undefined)(
  kubectl === undefined ? 'skipped: TRISKEL_KUBECTL names no kubectl' : 'kubectl',
  () => {
    test(
      'the set of openstack-lbaas is applied, with no right missing, and not a second time',
      { timeout: 120_000 },
      async () => {
        const cluster = exampleCluster('openstack-lbaas');
        const { url, objects, refused } = await boot(cluster);
        expect(await run(url)).toEqual(['addons ok: applied the add-ons of 1.36.3 revision 1']);
        expect(refused).toEqual([]);
        expect([...objects.keys()]).toEqual(expect.arrayContaining(EXPECTED));
        expect(objects.get('/nodes/master0')?.metadata).toMatchObject({
          labels: { 'node-role.kubernetes.io/control-plane': '' },
        });
        expect(objects.get('/namespaces/kube-system/configmaps/triskel-addons')?.['data']).toEqual({
          kubernetes: '1.36.3',
          revision: '1',
          sha256: setOf(cluster).sha256,
          kept: '',
        });
        expect(await run(url)).toEqual(['addons ok: the cluster has the add-ons of 1.36.3 revision 1']);
      },
    );

    test('a changed object is kept, a newer revision replaces the mark', async () => {
      const text = readFileSync('blueprints/single-node.yaml', 'utf8');
      const { url, objects, conflicts } = await boot(clusterOf(text));
      conflicts.add('/namespaces/kube-system/deployments/coredns');
      const kept =
        'Deployment coredns (50-coredns.yaml, object 5) has 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas';
      expect((await run(url))[0]).toBe(`addons note: kept as it is: ${kept}`);
      expect(objects.has('/namespaces/kube-system/deployments/coredns')).toBe(false);
      const mark = '/namespaces/kube-system/configmaps/triskel-addons';
      expect(objects.get(mark)?.['data']).toMatchObject({ revision: '1', kept });
      writeFileSync(
        join(root, 'addons/set'),
        readFileSync(join(root, 'addons/set'), 'utf8').replace('revision=1', 'revision=2'),
      );
      conflicts.clear();
      await run(url);
      expect(objects.get(mark)?.['data']).toMatchObject({ revision: '2', kept: '' });
      expect(objects.has('/namespaces/kube-system/deployments/coredns')).toBe(true);
    });

    test("the blueprint's own manifests, a definition and its resource among them", async () => {
      const text = `${readFileSync('blueprints/single-node.yaml', 'utf8')}\naddons: {manifests: [own/shop.yaml]}\n`;
      const { url, objects, refused } = await boot(clusterOf(text, [{ file: 'own/shop.yaml', text: MANIFEST }]));
      expect((await run(url)).at(-1)).toContain('applied the add-ons');
      expect(refused).toEqual([]);
      expect([...objects.keys()]).toEqual(
        expect.arrayContaining([
          '/namespaces/default/gateways/g',
          '/namespaces/shop/rolebindings/shop',
          '/namespaces/shop',
        ]),
      );
    });
  },
);

const EXPECTED = [
  '/namespaces/kube-flannel',
  '/clusterrolebindings/triskel:admins',
  '/clusterrolebindings/triskel:kubelet-api',
  '/namespaces/kube-system/daemonsets/kube-proxy',
  '/namespaces/kube-flannel/daemonsets/kube-flannel-ds',
  '/namespaces/kube-system/daemonsets/openstack-cloud-controller-manager',
  '/namespaces/kube-system/deployments/coredns',
  '/namespaces/kube-system/services/kube-dns',
  '/namespaces/kube-system/poddisruptionbudgets/coredns',
];
