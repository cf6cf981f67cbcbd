import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { addonSet, type AddonSet } from '../../../generator/components/addons/set.ts';
import { applierItems } from '../../../generator/components/addons/addons.ts';
import { guessResource } from '../../../generator/components/addons/rights.ts';
import type { Cluster } from '../../../generator/cluster/cluster.ts';
import type { FileItem, PlanItem } from '../../../generator/nodeplan/items.ts';
import { ADDONS_USER } from '../../../generator/secrets/certificates.ts';
import { findHoles } from '../../../generator/secrets/holes.ts';
import { addonsOf, setOf } from '../../support/addons.ts';
import { clusterOf, exampleCluster } from '../../support/cluster.ts';

const BLUEPRINT = `apiVersion: triskel/v1
name: t
kubernetes: { version: 1.36.3 }
network: { nodes: 192.0.2.0/24 }
nodes: [{ name: a, roles: [control-plane, worker], address: 192.0.2.10 }]
`;

function withManifests(manifests: Record<string, string>, more = ''): Cluster {
  const names = Object.keys(manifests).map((name) => JSON.stringify(name));
  const files = Object.entries(manifests).map(([file, text]) => ({ file, text }));
  return clusterOf(`${BLUEPRINT}addons: { manifests: [${names.join(', ')}]${more} }\n`, files);
}

const object = (apiVersion: string, kind: string, name: string, namespace?: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }\n`;

interface Spec {
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly nonResourcePath?: string;
  readonly readonly?: boolean;
}

/** `<verbs> <group>/<resource> <namespace>` of every line about a resource. */
function rights(set: AddonSet): string[] {
  const specs = set.policy
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { spec: Spec }).spec);
  return specs.flatMap(({ apiGroup = '', resource, namespace = '-', readonly }) =>
    resource === undefined ? [] : [`${readonly === true ? 'read' : 'all'} ${apiGroup}/${resource} ${namespace}`],
  );
}

describe('the files', () => {
  test('come in the order in which they are needed', () => {
    expect(setOf(exampleCluster('openstack-lbaas')).files.map(({ name }) => name)).toEqual([
      '00-namespaces.yaml',
      '10-access.yaml',
      '20-kube-proxy.yaml',
      '30-flannel.yaml',
      '40-openstack-cloud-controller-manager.yaml',
      '50-coredns.yaml',
    ]);
  });

  test('read back as the objects of the add-ons, one a document', () => {
    const cluster = exampleCluster('openstack-lbaas');
    const read = setOf(cluster).files.flatMap(({ content }) =>
      parseAllDocuments(content).map((document) => document.toJS() as unknown),
    );
    const brought = addonsOf(cluster).flatMap((addon) => [...addon.objects]);
    expect(read).toHaveLength(brought.length);
    expect(read).toEqual(expect.arrayContaining(brought));
  });

  test('hold no holes: their hash would differ on every node', () => {
    for (const { content } of setOf(exampleCluster('openstack-lbaas')).files) expect(findHoles(content)).toEqual([]);
  });

  test('the blueprint’s own come last and as they are; what others need of them comes first', () => {
    const widget = `# mine\n${object('example.org/v1', 'Widget', 'w')}`;
    const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.org');
    const set = setOf(
      withManifests({
        'b/My File.yml': `${widget}---\n${definition}---\n${object('v1', 'Namespace', 'shop')}`,
        'a.yaml': object('v1', 'ConfigMap', 'c'),
      }),
    );
    const names = set.files.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['00-namespaces.yaml', '01-definitions.yaml']);
    expect(names.slice(-2)).toEqual(['90-0-My-File.yaml', '90-1-a.yaml']);
    expect(set.files.at(-2)?.content).toBe(`---\n${widget}`);
    expect(set.files[1]?.content).toBe(`---\n${definition}`);
    expect(set.files[0]?.content).toMatch(/name: kube-flannel\n[^]*name: shop/);
  });

  test.each(['../../etc/$(reboot)', '.yaml', 'a b;.json', '-rf'])(
    'a manifest’s name %j means nothing to a shell',
    (file) => {
      const [last] = setOf(withManifests({ [file]: object('v1', 'ConfigMap', 'c') })).files.slice(-1);
      expect(last?.name).toMatch(/^90-0-[A-Za-z0-9]+(-[A-Za-z0-9]+)*\.yaml$/);
    },
  );

  test('an object that two bring is refused', () => {
    const cluster = withManifests({ 'x.yaml': object('v1', 'ConfigMap', 'coredns', 'kube-system') });
    const { diagnostics } = addonSet(cluster, addonsOf(cluster));
    expect(diagnostics).toMatchObject([
      {
        code: 'plan/conflict',
        message: 'ConfigMap coredns comes with the add-on coredns and x.yaml',
        places: [{ path: ['addons', 'manifests', 0] }],
      },
    ]);
  });
});

describe('the version', () => {
  test('is Kubernetes’, the revision and a hash of all files', () => {
    const set = setOf(withManifests({ 'x.yaml': object('v1', 'ConfigMap', 'c') }, ', revision: 7'));
    expect(set).toMatchObject({ kubernetes: '1.36.3', revision: 7 });
    expect(set.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the hash is the same for the same set, and changes with a name or a text', () => {
    const hash = (file: string, text: string): string => setOf(withManifests({ [file]: text })).sha256;
    const one = hash('x.yaml', object('v1', 'ConfigMap', 'c'));
    expect(hash('x.yaml', object('v1', 'ConfigMap', 'c'))).toBe(one);
    expect(hash('y.yaml', object('v1', 'ConfigMap', 'c'))).not.toBe(one);
    expect(hash('x.yaml', object('v1', 'ConfigMap', 'd'))).not.toBe(one);
  });
});

describe('the rights', () => {
  const ofManifest = (text: string): string[] => rights(setOf(withManifests({ 'x.yaml': text })));

  test('are the applier’s alone, and of what the set holds', () => {
    const set = setOf(clusterOf(BLUEPRINT));
    for (const line of set.policy.trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({
        apiVersion: 'abac.authorization.kubernetes.io/v1beta1',
        kind: 'Policy',
        spec: { user: ADDONS_USER },
      });
    }
    expect(rights(set)).toEqual([
      'all apps/daemonsets kube-flannel',
      'all apps/daemonsets kube-system',
      'all apps/deployments kube-system',
      'all rbac.authorization.k8s.io/clusterrolebindings -',
      'all rbac.authorization.k8s.io/clusterroles -',
      'all /configmaps kube-flannel',
      'all /configmaps kube-system',
      'all /namespaces kube-flannel',
      'read /namespaces kube-system',
      'all /nodes -',
      'all /serviceaccounts kube-flannel',
      'all /serviceaccounts kube-system',
      'all /services kube-system',
    ]);
  });

  test('never of everything', () => {
    for (const name of ['openstack-lbaas', 'debian-ha', 'single-node']) {
      const { policy } = setOf(exampleCluster(name));
      expect(policy).not.toMatch(/"(apiGroup|resource|namespace|nonResourcePath)":"\*"/);
    }
  });

  test('a definition in the set says the plural and the scope of its resources', () => {
    const spec = 'spec: { group: example.org, scope: Cluster, names: { kind: Sheep, plural: sheep } }\n';
    const found = ofManifest(
      `${object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'sheep.example.org')}${spec}---\n${object('example.org/v2', 'Sheep', 'dolly')}`,
    );
    expect(found).toContain('all example.org/sheep -');
    expect(found).toContain('all apiextensions.k8s.io/customresourcedefinitions -');
  });

  test.each([
    [object('v1', 'ConfigMap', 'c'), ['all /configmaps default']],
    [object('v1', 'PersistentVolume', 'p'), ['all /persistentvolumes -']],
    [object('storage.k8s.io/v1', 'StorageClass', 's'), ['all storage.k8s.io/storageclasses -']],
    // Nobody knows whether an operator's kind belongs to a namespace, when none is given.
    [
      object('gateway.networking.k8s.io/v1', 'Gateway', 'g'),
      ['all gateway.networking.k8s.io/gateways -', 'all gateway.networking.k8s.io/gateways default'],
    ],
    [object('example.org/v1', 'Widget', 'w', 'shop'), ['all example.org/widgets shop', 'read /namespaces shop']],
  ])('%j', (text, expected) => {
    expect(ofManifest(text)).toEqual(expect.arrayContaining(expected));
  });

  test('binding a role is a right to that role, where it is bound', () => {
    const group = 'rbac.authorization.k8s.io';
    const bind = (kind: string): string =>
      ofManifest(`${object(`${group}/v1`, 'RoleBinding', 'b', 'shop')}roleRef: { kind: ${kind}, name: r }\n`).join(
        '\n',
      );
    expect(bind('ClusterRole')).toContain(`all ${group}/clusterroles shop`);
    expect(bind('Role')).toContain(`all ${group}/roles shop`);
  });

  test.each([
    ['NetworkPolicy', 'networkpolicies'],
    ['Ingress', 'ingresses'],
    ['Endpoints', 'endpoints'],
    ['Gateway', 'gateways'],
    ['StorageClass', 'storageclasses'],
    ['PodDisruptionBudget', 'poddisruptionbudgets'],
  ])('%s → %s', (kind, resource) => {
    expect(guessResource(kind)).toBe(resource);
  });
});

describe('a node', () => {
  const cluster = exampleCluster('debian-ha');
  const itemsOf = (name: string): readonly PlanItem[] => {
    const [node] = cluster.nodes.filter((n) => n.name === name);
    return node === undefined ? [] : applierItems(cluster, node, setOf(cluster));
  };

  test('that is no control plane applies nothing', () => {
    expect(itemsOf('worker0')).toEqual([]);
  });

  test('has the set, the rights and the script, for root’s eyes', () => {
    const files = itemsOf('cp1').filter((item): item is FileItem => item.kind === 'file');
    const content = new Map(files.map((file) => [file.path, file]));
    expect(content.get('/etc/kubernetes/addons/50-coredns.yaml')?.mode).toBe(0o600);
    expect(content.get('/etc/kubernetes/authorization-policy.jsonl')?.content).toBe(setOf(cluster).policy);
    expect(content.get('/etc/kubernetes/addons.kubeconfig')?.content).toContain('server: https://127.0.0.1:6443\n');
    expect(content.get('/etc/kubernetes/pki/addons.key')?.content).toBe('${triskel:addons.cp1/key}\n');
    expect(content.get('/opt/triskel/apply-addons')?.mode).toBe(0o755);
    expect(content.get('/etc/kubernetes/addons/set')?.content).toBe(
      '# What this node brings to the cluster, read by apply-addons.\n' +
        `node=cp1\nkubernetes=${cluster.versions.kubernetes}\nrevision=1\nsha256=${setOf(cluster).sha256}\n`,
    );
  });

  test('differs from the others in its name and its key alone', () => {
    const text = (name: string): string => JSON.stringify(itemsOf(name)).replaceAll(name, 'NAME');
    expect(text('cp0')).toBe(text('cp2'));
  });
});
