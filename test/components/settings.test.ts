import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemdArgument } from '../../generator/base/systemd.ts';
import { components } from '../../generator/components/index.ts';
import { etcdArguments } from '../../generator/components/etcd/arguments.ts';
import { withExtraArguments } from '../../generator/components/extra-arguments.ts';
import { apiServerArguments } from '../../generator/components/kube-apiserver/arguments.ts';
import { kubeApiserver } from '../../generator/components/kube-apiserver/kube-apiserver.ts';
import { kubeProxy, kubeProxyConfiguration } from '../../generator/components/kube-proxy/kube-proxy.ts';
import { kubelet, kubeletConfiguration } from '../../generator/components/kubelet/kubelet.ts';
import { factsOf, parseFacts } from '../../generator/cluster/facts-file.ts';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { clusterOf, tryCluster } from '../support/cluster.ts';

function blueprint(options: string, version = '1.36.3', node = ''): string {
  return `
apiVersion: triskel/v1
name: demo
kubernetes: { version: ${version} }
network: { nodes: 192.0.2.0/24 }
access: { users: [{ name: core, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
  - { name: a, roles: [control-plane, worker], address: 192.0.2.10 }
nodeGroups:
  - { name: w, count: 2, roles: [worker], addresses: 192.0.2.20-192.0.2.30${node} }
components: ${options}
`;
}

function found(options: string, version?: string, node?: string): string[] {
  const cluster = clusterOf(blueprint(options, version, node));
  return components.flatMap((component) =>
    (component.check?.(cluster) ?? []).map(({ code, message, remedy, places }) => {
      const path = places[0]?.path?.join('.') ?? '';
      return `${code} @ ${path}: ${message} | ${remedy}`;
    }),
  );
}

const first = (cluster: Cluster): ClusterNode => cluster.nodes[0] as ClusterNode;

describe('flags', () => {
  it('that are good say nothing', () => {
    expect(found(`{ kube-apiserver: { extraArguments: { v: 4, max-requests-inflight: 800 } } }`)).toEqual([]);
    expect(found(`{ kube-apiserver: { extraArguments: { runtime-config: api/all=true } } }`)).toEqual([]);
    expect(found(`{ kube-scheduler: { extraArguments: { v: 4 } }, kubelet: { extraArguments: { v: 2 } } }`)).toEqual(
      [],
    );
  });

  it.each([
    [
      '{ kube-apiserver: { extraArguments: { max-request-inflight: 1 } } }',
      '1.36.3',
      'settings/unknown',
      'Did you mean "max-requests-inflight"',
    ],
    [
      '{ kube-apiserver: { extraArguments: { constructor: 1 } } }',
      '1.36.3',
      'settings/unknown',
      'no flag --constructor',
    ],
    [
      '{ kube-apiserver: { extraArguments: { cloud-provider: x } } }',
      '1.33.13',
      'settings/removed',
      'gone since Kubernetes 1.33',
    ],
    [
      '{ kube-apiserver: { extraArguments: { tls-curve-preferences: X25519 } } }',
      '1.35.7',
      'settings/later',
      'comes with Kubernetes 1.36',
    ],
    [
      '{ kube-apiserver: { extraArguments: { default-watch-cache-size: 1 } } }',
      '1.36.3',
      'settings/deprecated',
      'In its place: watch-cache-sizes.',
    ],
    [
      '{ kube-apiserver: { extraArguments: { etcd-servers: x } } }',
      '1.36.3',
      'settings/owned',
      'nodes[].roles in the blueprint',
    ],
    ['{ kube-apiserver: { extraArguments: { oidc-issuer-url: x } } }', '1.36.3', 'settings/owned', '--oidc-issuer-url'],
    [
      '{ kube-apiserver: { extraArguments: { tracing-config-file: /x } } }',
      '1.36.3',
      'settings/absent-file',
      'names a file',
    ],
    [
      '{ kube-controller-manager: { extraArguments: { cluster-cidr: x } } }',
      '1.36.3',
      'settings/owned',
      'network.pods',
    ],
    [
      '{ kube-controller-manager: { extraArguments: { concurrent-service-syncs: 2 } } }',
      '1.36.3',
      'settings/deprecated',
      'deprecated since Kubernetes 1.31, and gone in 1.37',
    ],
    ['{ kube-scheduler: { extraArguments: { config: /x } } }', '1.36.3', 'settings/owned', '--config'],
    [
      '{ etcd: { extraArguments: { proxy: x } } }',
      '1.36.3',
      'settings/removed',
      'gone since etcd 3.6; the cluster runs etcd 3.6.8',
    ],
    ['{ etcd: { extraArguments: { max-learners: 2 } } }', '1.33.13', 'settings/later', 'comes with etcd 3.6'],
    [
      '{ etcd: { extraArguments: { experimental-compaction-batch-limit: 2 } } }',
      '1.36.3',
      'settings/deprecated',
      'In its place: compaction-batch-limit.',
    ],
    [
      '{ etcd: { extraArguments: { quota-backend-bytes: 2 } } }',
      '1.36.3',
      'settings/owned',
      'components.etcd.quotaGiB',
    ],
    [
      '{ kubelet: { extraArguments: { max-open-files: 2 } } }',
      '1.36.3',
      'settings/has-field',
      'Set components.kubelet.configuration.maxOpenFiles.',
    ],
    [
      '{ kubelet: { extraArguments: { max-pods: 2 } } }',
      '1.36.3',
      'settings/owned',
      'components.kubelet.maxPods in the blueprint',
    ],
    ['{ kubelet: { extraArguments: { client-ca-file: /x } } }', '1.36.3', 'settings/owned', '--client-ca-file'],
    [
      '{ kubelet: { extraArguments: { pod-infra-container-image: x } } }',
      '1.35.7',
      'settings/removed',
      'gone since Kubernetes 1.35',
    ],
    ['{ kubelet: { extraArguments: { node-ip: x } } }', '1.36.3', 'settings/owned', 'nodes[].address'],
    ['{ kubelet: { extraArguments: { machine-id-file: /x } } }', '1.36.3', 'settings/deprecated', 'gone in 1.37'],
  ])('%s with %s: %s', (options, version, code, text) => {
    const [only, ...others] = found(options, version);
    expect(others).toEqual([]);
    expect(only).toContain(`${code} @ components.`);
    expect(only).toContain(text);
  });

  it('of a single node are told there alone', () => {
    const text = blueprint('{}').replace(
      'address: 192.0.2.10 }',
      'address: 192.0.2.10, components: { kubelet: { extraArguments: { colour: red }, configuration: { colour: red } } } }',
    );
    const cluster = clusterOf(text);
    expect(
      (kubelet.check?.(cluster) ?? []).map(({ code, places }) => `${code} ${places[0]?.path?.join('.') ?? ''}`),
    ).toEqual([
      'settings/unknown nodes.0.components.kubelet.configuration.colour',
      'settings/unknown nodes.0.components.kubelet.extraArguments.colour',
    ]);
  });

  it('may be given to the nodes of a group, and are told there, once', () => {
    const node = ', components: { kubelet: { extraArguments: { v: 3, colour: red } } }';
    expect(found('{ kubelet: { extraArguments: { v: 2 } } }', '1.36.3', node)).toEqual([
      expect.stringContaining('settings/unknown @ nodeGroups.0.components.kubelet.extraArguments.colour'),
    ]);
  });
});

describe('arguments', () => {
  it('stand in place of Triskel’s own, repeated in the order of their list, sorted by flag', () => {
    const cluster = clusterOf(
      blueprint(
        `{ kube-apiserver: { extraArguments: { v: 4, service-account-issuer: [https://b, https://a], profiling: true } } }`,
      ),
    );
    const args = apiServerArguments(cluster, first(cluster));
    expect(args.filter((a) => a.startsWith('--profiling'))).toEqual(['--profiling=true']);
    expect(args.slice(-4)).toEqual([
      '--profiling=true',
      '--service-account-issuer=https://b',
      '--service-account-issuer=https://a',
      '--v=4',
    ]);
  });

  it('are the same in whatever order they are written', () => {
    expect(withExtraArguments(['--a=1'], { v: 1, b: 2 })).toEqual(withExtraArguments(['--a=1'], { b: 2, v: 1 }));
  });

  it('add to a flag that holds a list of switches', () => {
    const cluster = clusterOf(blueprint(`{ etcd: { extraArguments: { feature-gates: LeaseCheckpoint=true } } }`));
    const gates = etcdArguments(cluster, first(cluster)).filter((a) => a.startsWith('--feature-gates'));
    expect(gates).toEqual(['--feature-gates=InitialCorruptCheck=true,LeaseCheckpoint=true']);
  });

  it('cannot name a variable of their container', () => {
    const cluster = clusterOf(
      blueprint(`{ kube-apiserver: { extraArguments: { external-hostname: 'a$(HOME)$$b' } } }`),
    );
    const files = kubeApiserver.plan?.(cluster, first(cluster)) ?? [];
    const manifest = files.flatMap((item) =>
      item.kind === 'file' && item.path.endsWith('kube-apiserver.yaml') ? [item.content] : [],
    );
    const pod = parse(manifest[0] ?? '') as { spec: { containers: { command: string[] }[] } };
    expect(pod.spec.containers[0]?.command).toContain('--external-hostname=a$$(HOME)$$$$b');
  });

  it('of the kubelet reach it whole through systemd', () => {
    const cluster = clusterOf(blueprint(`{ kubelet: { extraArguments: { vmodule: 'a b"%h$HOME\\c' } } }`));
    const units = (kubelet.plan?.(cluster, first(cluster)) ?? []).flatMap((item) =>
      item.kind === 'unit' ? [item.content] : [],
    );
    expect(units[0]).toContain(String.raw`"--vmodule=a b\"%%h$$HOME\\c"`);
    expect(systemdArgument('--node-ip=192.0.2.1,2001:db8::1')).toBe('--node-ip=192.0.2.1,2001:db8::1');
  });

  it('have no line feeds, not even as what begins like PEM', () => {
    const text = blueprint(`{ kubelet: { extraArguments: { vmodule: "-----BEGIN \\nExecStartPre=/bin/x" } } }`);
    expect(tryCluster(text).diagnostics.map(({ code }) => code)).toEqual(['blueprint/invalid-value']);
    const inList = blueprint(`{ kubelet: { extraArguments: { vmodule: ["-----BEGIN \\nExecStartPre=/bin/x"] } } }`);
    expect(tryCluster(inList).diagnostics.map(({ code }) => code)).toEqual(['blueprint/invalid-value']);
  });

  it('have no dashes before their names', () => {
    const { diagnostics } = tryCluster(blueprint(`{ etcd: { extraArguments: { --metrics: basic } } }`));
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'blueprint/unknown-key the key "--metrics" is not a flag without its dashes',
    ]);
  });
});

describe('fields', () => {
  it('are laid over Triskel’s own, map by map', () => {
    const cluster = clusterOf(
      blueprint(
        `{ kubelet: { configuration: { evictionHard: { memory.available: 500Mi }, podPidsLimit: 100 } } }`,
        '1.36.3',
        ', components: { kubelet: { configuration: { podPidsLimit: 200 } } }',
      ),
    );
    const [solo, worker] = cluster.nodes.map((node) => kubeletConfiguration(cluster, node));
    expect(solo).toMatchObject({
      podPidsLimit: 100,
      evictionHard: { 'memory.available': '500Mi', 'nodefs.available': '10%' },
    });
    expect(worker).toMatchObject({ podPidsLimit: 200, evictionHard: { 'memory.available': '500Mi' } });
    expect(components.flatMap((component) => component.check?.(cluster) ?? [])).toEqual([]);
  });

  it.each([
    ['{ podPidLimit: 1 }', '1.36.3', 'settings/unknown', 'Did you mean "podPidsLimit"'],
    ['{ toString: 1 }', '1.36.3', 'settings/unknown', 'no field toString'],
    ['{ memorySwap: { swapBehaviour: NoSwap } }', '1.36.3', 'settings/unknown', 'memorySwap.swapBehaviour'],
    ['{ tlsCurvePreferences: [X25519] }', '1.35.7', 'settings/later', 'comes with Kubernetes 1.36'],
    ['{ iptablesDropBit: 1 }', '1.36.3', 'settings/deprecated', 'iptablesDropBit'],
    ['{ podPidsLimit: "1" }', '1.36.3', 'settings/wrong-type', 'is a whole number, and "1" is not'],
    ['{ syncFrequency: 30 }', '1.36.3', 'settings/wrong-type', 'a duration such as 30s'],
    ['{ memorySwap: }', '1.36.3', 'settings/wrong-type', 'a map, and null is not'],
    ['{ staticPodPath: /x }', '1.36.3', 'settings/owned', 'staticPodPath'],
    ['{ authentication: { x509: { clientCAFile: /x } } }', '1.36.3', 'settings/owned', 'authentication.x509'],
    ['{ maxPods: 7 }', '1.36.3', 'settings/owned', 'components.kubelet.maxPods in the blueprint'],
    ['{ failCgroupV1: false }', '1.35.7', 'settings/cgroup-v1', 'Kubernetes 1.35'],
  ])('of the kubelet: %s with %s: %s', (configuration, version, code, text) => {
    const [only, ...others] = found(`{ kubelet: { configuration: ${configuration} } }`, version);
    expect(others).toEqual([]);
    expect(only).toContain(`${code} @ components.kubelet.configuration.`);
    expect(only).toContain(text);
  });

  it('let cgroup v1 be where Kubernetes takes it', () => {
    expect(found('{ kubelet: { configuration: { failCgroupV1: false } } }', '1.34.10')).toEqual([]);
  });

  it.each([
    ['{ configuration: { clusterCIDR: x } }', 'settings/owned', 'network.pods'],
    ['{ configuration: { nodePortAdresses: [] } }', 'settings/unknown', 'Did you mean "nodePortAddresses"'],
    ['{ configuration: { conntrack: { min: many } } }', 'settings/wrong-type', 'conntrack.min'],
    ['{ configuration: { iptables: { localhostNodePorts: true } } }', 'settings/without-effect', 'mode nftables'],
    ['{ mode: ipvs }', 'cluster/deprecated-ipvs', 'deprecated in Kubernetes 1.36'],
  ])('of kube-proxy: %s: %s', (options, code, text) => {
    const [only, ...others] = found(`{ kube-proxy: ${options} }`);
    expect(others).toEqual([]);
    expect(only).toContain(code);
    expect(only).toContain(text);
  });

  it('of kube-proxy are laid over Triskel’s own', () => {
    const cluster = clusterOf(
      blueprint('{ kube-proxy: { configuration: { conntrack: { min: 7 }, nodePortAddresses: [primary] } } }'),
    );
    expect(kubeProxyConfiguration(cluster)).toMatchObject({
      conntrack: { min: 7, maxPerCore: 32_768 },
      nodePortAddresses: ['primary'],
    });
  });
});

describe('what Triskel itself gives', () => {
  const told = (text: string, options = '{}'): string[] => {
    const layer = parseFacts('new.yaml', text).value;
    const facts = layer === undefined ? undefined : factsOf([layer]).value;
    const cluster = clusterOf(blueprint(options));
    if (facts === undefined) throw new Error('the facts of the test are broken');
    const other = { ...cluster, versions: { ...cluster.versions, facts } };
    return components.flatMap((component) =>
      (component.check?.(other) ?? []).map(({ code, message }) => `${code} ${message}`),
    );
  };

  it.each([
    [
      "flags: { kube-apiserver: { profiling: { removed: '1.36' } } }",
      'kube-apiserver 1.36.3 does not have --profiling',
    ],
    ["flags: { kube-controller-manager: { profiling: { removed: '1.36' } } }", 'kube-controller-manager 1.36.3'],
    ["flags: { kube-scheduler: { profiling: { since: '1.37' } } }", 'kube-scheduler 1.36.3'],
    ["flags: { kubelet: { node-ip: { removed: '1.36' } } }", 'kubelet 1.36.3 does not have --node-ip'],
    ["flags: { etcd: { snapshot-count: { removed: '3.6' } } }", 'etcd 3.6.8 does not have --snapshot-count'],
    ["fields: { KubeletConfiguration: { fields: { maxPods: { type: integer, removed: '1.36' } } } }", 'maxPods'],
    [
      "fields: { KubeProxyConfiguration: { fields: { conntrack: { fields: { maxPerCore: { type: integer, removed: '1.36' } } } } } }",
      'conntrack.maxPerCore',
    ],
  ])('is refused where facts say that it is gone: %s', (text, message) => {
    expect(told(text)).toEqual([expect.stringContaining(message)]);
    expect(told(text)[0]).toMatch(/^settings\/outgrown /);
  });

  it('is fine with etcd 3.5 and 3.6 beside the same Kubernetes', () => {
    expect(found('{ etcd: { version: 3.5.27 } }', '1.35.7')).toEqual([]);
    expect(found('{ etcd: { version: 3.6.8 } }', '1.34.10')).toEqual([]);
  });
});

it('ipvs is taken without a word before 1.35, with its kernel modules', () => {
  expect(found('{ kube-proxy: { mode: ipvs, configuration: { ipvs: { scheduler: lc } } } }', '1.34.10')).toEqual([]);
  const cluster = clusterOf(blueprint('{ kube-proxy: { mode: ipvs } }'));
  const items = kubeProxy.plan?.(cluster, first(cluster)) ?? [];
  const modules = items.flatMap((item) => (item.kind === 'kernel-module' ? [item.name] : []));
  expect(modules).toEqual(['nf_conntrack', 'ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh']);
});
