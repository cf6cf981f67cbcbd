import { describe, expect, test } from 'vitest';
import { renewalBundle } from '../../generator/components/certificate-renewal/bundle.ts';
import { compile } from '../../generator/compile.ts';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { versionsFor, type Versions } from '../../generator/cluster/versions.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import type { Configuration } from '../../generator/components/settings.ts';
import { documentErrors } from '../support/kubeadm/documents.ts';
import { documentsIn } from '../support/kubeadm/schema.ts';

const GOLDENS = ['kubeadm', 'kubeadm-token'].map((name) => `test/golden/blueprints/${name}.yaml`);

async function compiled(blueprint: string): Promise<{ versions: Versions; plans: readonly NodePlan[] }> {
  const { cluster, plans, diagnostics } = await compile(blueprint, blueprintFiles(), noProgress);
  if (cluster === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { versions: cluster.versions, plans };
}

const textOf = (plan: NodePlan, path: string): string => plan.files.find((file) => file.path === path)?.content ?? '';
const KUBEADM = '/etc/kubernetes/kubeadm.yaml';

/** Every document of a node that kubeadm, the kubelet or kube-proxy reads, those in ConfigMaps too. */
function configurationsOf(plan: NodePlan): Configuration[] {
  const inMaps = plan.files
    .filter(({ path }) => path.startsWith('/etc/kubernetes/addons/'))
    .flatMap(({ content }) => documentsIn(content))
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .filter(([key]) => ['ClusterConfiguration', 'kubelet', 'config.conf'].includes(key))
    .flatMap(([, text]) => documentsIn(text));
  return [...documentsIn(textOf(plan, KUBEADM)), ...inMaps];
}

describe.each(GOLDENS)('%s', (blueprint) => {
  test('every document is of the types of upstream', async () => {
    const { versions, plans } = await compiled(blueprint);
    const all = plans.flatMap(configurationsOf);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(
      new Set([
        'InitConfiguration',
        'ClusterConfiguration',
        'JoinConfiguration',
        'KubeletConfiguration',
        'KubeProxyConfiguration',
      ]),
    );
    for (const document of all)
      expect([document['kind'], documentErrors(versions, document)]).toEqual([document['kind'], []]);
  });

  test('what is said of the cluster is the same on every control-plane node, and in the cluster', async () => {
    const { plans } = await compiled(blueprint);
    const said = plans
      .flatMap(configurationsOf)
      .filter(({ kind }) => kind === 'ClusterConfiguration' || kind === 'KubeletConfiguration')
      .map((document) => JSON.stringify(document));
    expect(said.length).toBeGreaterThan(4);
    expect(new Set(said).size).toBe(2);
  });

  test('checks are passed over by their names, and only those that what is there before would trip', async () => {
    const { plans } = await compiled(blueprint);
    const ignored = plans
      .flatMap(({ node, files }) =>
        documentsIn(files.find(({ path }) => path === KUBEADM)?.content ?? '').map((d) => ({ node, d })),
      )
      .filter(({ d }) => d['kind'] === 'InitConfiguration' || d['kind'] === 'JoinConfiguration')
      .map(({ node, d }) => {
        const { name, ignorePreflightErrors } = d['nodeRegistration'] as Record<string, unknown>;
        expect(name).toBe(node.name);
        return ignorePreflightErrors as string[];
      });
    const names = [...new Set(ignored.flat())].sort();
    const ofToken = ['FileAvailable--etc-kubernetes-pki-ca.crt', 'Port-10250'];
    const ofCertificates = ['FileAvailable--etc-kubernetes-kubelet.conf', ...ofToken];
    expect(names).toEqual(blueprint.includes('token') ? ofToken : ofCertificates);
  });

  test('kubeadm writes the static pods and the configuration of the kubelet, and nobody else does', async () => {
    const { plans } = await compiled(blueprint);
    for (const { node, files } of plans.filter(({ node: { roles } }) => !roles.includes('etcd'))) {
      const made = files.filter(({ path }) => /^\/(etc\/kubernetes\/manifests|var\/lib\/kubelet)\//.test(path));
      expect([node.name, made.map(({ path }) => path)]).toEqual([node.name, []]);
      expect(files.some(({ path }) => path === '/etc/kubernetes/kubelet.yaml')).toBe(false);
    }
  });

  test('the manifest of etcd does not have the name that kubeadm refuses', async () => {
    const { plans } = await compiled(blueprint);
    const guards = plans.map((plan) => textOf(plan, '/opt/triskel/etcd-guard')).filter((text) => text !== '');
    expect(guards.length).toBeGreaterThan(2);
    for (const guard of guards) {
      expect(guard).toContain("released='/etc/kubernetes/manifests/external-etcd.yaml'");
    }
  });
});

describe('holes', () => {
  const holesOf = (plan: NodePlan): string[] =>
    plan.files.flatMap(({ content }) => [...content.matchAll(/\$\{triskel:([^}]+)\}/g)].map((match) => match[1] ?? ''));

  test('with certificates, no node holds the key of a CA, and nothing is a token', async () => {
    const { plans } = await compiled(GOLDENS[0] ?? '');
    const holes = plans.flatMap(holesOf);
    expect(holes.length).toBeGreaterThan(50);
    expect(holes.filter((hole) => /-ca\/key$|^bootstrap-token/.test(hole))).toEqual([]);
  });

  test('with a token, control-plane nodes hold the key of the cluster’s CA, and workers no certificate for the API', async () => {
    const { plans } = await compiled(GOLDENS[1] ?? '');
    const holders = plans.filter((plan) => holesOf(plan).some((hole) => hole.endsWith('-ca/key')));
    expect(holders.map(({ node }) => node.name)).toEqual(['cp0', 'cp1']);
    for (const plan of plans.filter(({ node }) => node.roles.includes('worker'))) {
      expect(holesOf(plan).filter((hole) => hole.startsWith('kubelet-client'))).toEqual([]);
      expect(holesOf(plan)).toContain('bootstrap-token/secret');
    }
  });
});

describe('the types of upstream refuse', () => {
  const versions = versionsFor(ownFacts, '1.36.3') as Versions;
  const base = { apiVersion: 'kubeadm.k8s.io/v1beta4' };
  test.each([
    ['a field of v1beta3', { ...base, kind: 'ClusterConfiguration', useHyperKubeImage: true }],
    ['arguments as a map', { ...base, kind: 'ClusterConfiguration', apiServer: { extraArgs: { profiling: 'false' } } }],
    ['an older version', { apiVersion: 'kubeadm.k8s.io/v1beta3', kind: 'InitConfiguration' }],
    [
      'both ways of discovery',
      {
        ...base,
        kind: 'JoinConfiguration',
        discovery: { bootstrapToken: { token: 'a' }, file: { kubeConfigPath: '/x' } },
      },
    ],
    [
      'all checks passed over',
      { ...base, kind: 'InitConfiguration', nodeRegistration: { ignorePreflightErrors: ['all'] } },
    ],
    [
      'a number as an argument',
      { ...base, kind: 'ClusterConfiguration', scheduler: { extraArgs: [{ name: 'v', value: 4 }] } },
    ],
    [
      'a misspelt field of the kubelet',
      { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', maxPod: 3 },
    ],
  ])('%s', (_title, document) => {
    expect(documentErrors(versions, document)).not.toEqual([]);
  });
});

describe('renewal', () => {
  test('replaces files at kubeadm’s paths, and restarts its pods in order', async () => {
    const { cluster, plans } = await compile(GOLDENS[0] ?? '', blueprintFiles(), noProgress);
    const plan = plans.find(({ node }) => node.name === 'cp0');
    if (cluster === undefined || plan === undefined) throw new Error('the blueprint has errors');
    const { files } = renewalBundle(cluster, plan, undefined, () => 'x');
    const restarts =
      files
        .find(({ name }) => name === 'restarts')
        ?.content.trimEnd()
        .split('\n') ?? [];
    expect(restarts.map((line) => line.split(' ', 2).join(' '))).toEqual([
      'static-pod etcd',
      'static-pod kube-apiserver',
      'static-pod kube-controller-manager',
      'static-pod kube-scheduler',
      'container kube-proxy',
      'unit kubelet.service',
    ]);
    const names = files.map(({ name }) => name);
    for (const file of ['pki/apiserver.crt', 'pki/front-proxy-client.key', 'pki/scheduler.key', 'kubeadm/ca.crt'])
      expect(names).toContain(`content/etc/kubernetes/${file}`);
  });
});
