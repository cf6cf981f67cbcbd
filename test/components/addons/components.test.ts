import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Cluster, ClusterNode } from '../../../generator/cluster/cluster.ts';
import { coredns } from '../../../generator/components/coredns/coredns.ts';
import { flannel, flannelConfiguration } from '../../../generator/components/flannel/flannel.ts';
import {
  kubeProxy,
  kubeProxyArguments,
  kubeProxyConfiguration,
} from '../../../generator/components/kube-proxy/kube-proxy.ts';
import { gcfg } from '../../../generator/components/openstack-cloud-controller-manager/cloud-conf.ts';
import {
  cloudControllerArguments,
  openstackCloudControllerManager,
} from '../../../generator/components/openstack-cloud-controller-manager/openstack-cloud-controller-manager.ts';
import type { Component } from '../../../generator/components/component.ts';
import type { FileItem, PlanItem } from '../../../generator/nodeplan/items.ts';
import { secretsOf } from '../../../generator/secrets/certificates.ts';
import { findHoles, holeId } from '../../../generator/secrets/holes.ts';
import { clusterOf, exampleCluster } from '../../support/cluster.ts';

const HEAD = 'apiVersion: triskel/v1\nname: t\n';
const ONE = 'nodes: [{ name: a, roles: [control-plane, worker], address: 192.0.2.10 }]\n';

function cluster(text: string): Cluster {
  return clusterOf(`${HEAD}${text}`);
}

const single = (more = ''): Cluster => cluster(`network: { nodes: 192.0.2.0/24 }\n${ONE}${more}`);
const dual = (families: [string, string], addresses: [string, string]): Cluster =>
  cluster(
    `network: { nodes: [${families.map((f) => `'${f}'`).join(', ')}] }\n` +
      `nodes: [{ name: a, roles: [control-plane], address: [${addresses.map((a) => `'${a}'`).join(', ')}] }]\n`,
  );

function items(component: Component, given: Cluster, node = given.nodes[0] as ClusterNode): readonly PlanItem[] {
  return component.plan?.(given, node) ?? [];
}

function files(component: Component, given: Cluster, node?: ClusterNode): Record<string, FileItem> {
  const found = items(component, given, node).filter((item): item is FileItem => item.kind === 'file');
  return Object.fromEntries(found.map((file) => [file.path, file]));
}

function ports(component: Component, given: Cluster): string[] {
  return items(component, given).flatMap((item) =>
    item.kind === 'port' ? [`${item.protocol} ${String(item.port)} ${item.from}`] : [],
  );
}

function objectOf(component: Component, given: Cluster, kind: string): Record<string, unknown> | undefined {
  return component.addon?.(given)?.objects.find((object) => object.kind === kind);
}

describe('kube-proxy', () => {
  test('has its own certificate on every node, and a kubeconfig that names it', () => {
    const given = exampleCluster('debian-ha');
    const [worker] = given.nodes.filter((node) => node.name === 'worker0') as [ClusterNode];
    const found = files(kubeProxy, given, worker);
    expect(found['/etc/kubernetes/pki/kube-proxy.key']).toMatchObject({
      mode: 0o600,
      content: '${triskel:kube-proxy.worker0/key}\n',
      restarts: [{ kind: 'container', name: 'kube-proxy' }],
    });
    const kubeconfig = parse(found['/etc/kubernetes/kube-proxy.kubeconfig']?.content ?? '') as { clusters: unknown[] };
    expect(kubeconfig.clusters).toEqual([
      {
        name: 'cluster',
        cluster: { 'certificate-authority': '/etc/kubernetes/pki/ca.crt', server: 'https://192.0.2.5:6443' },
      },
    ]);
    expect(found['/etc/kubernetes/kube-proxy.kubeconfig']?.content).not.toContain('triskel:');
  });

  test('its flags are flags of the real binary', () => {
    const known = readFileSync('test/data/flags/kube-proxy-1.36.txt', 'utf8').split('\n');
    expect(
      kubeProxyArguments(exampleCluster('debian-ha'))
        .map((argument) => argument.split('=')[0])
        .filter((flag) => !known.includes(flag ?? '')),
    ).toEqual([]);
  });

  test.each([
    ['nftables', ''],
    ['nftables', 'components: { kube-proxy: { mode: nftables } }\n'],
    ['iptables', 'components: { kube-proxy: { mode: iptables } }\n'],
  ])('its mode is %s, said to flannel too (%j)', (mode, options) => {
    const given = single(options);
    expect(kubeProxyConfiguration(given)).toMatchObject({ mode });
    expect(flannelConfiguration(given)).toMatchObject({ EnableNFTables: mode === 'nftables' });
    const text = JSON.stringify([kubeProxy.addon?.(given), flannel.addon?.(given)]);
    expect(text.includes('/run/xtables.lock')).toBe(mode === 'iptables');
  });

  test('its families follow the cluster’s', () => {
    expect(kubeProxyConfiguration(single())).toMatchObject({
      bindAddress: '0.0.0.0',
      clusterCIDR: '10.244.0.0/16',
      healthzBindAddress: '127.0.0.1:10256',
      metricsBindAddress: '127.0.0.1:10249',
    });
    expect(
      kubeProxyConfiguration(dual(['2001:db8::/64', '192.0.2.0/24'], ['2001:db8::10', '192.0.2.10'])),
    ).toMatchObject({
      bindAddress: '::',
      clusterCIDR: 'fd00:10:244::/56,10.244.0.0/16',
      healthzBindAddress: '[::1]:10256',
    });
  });

  test('listens on loopback alone', () => {
    expect(ports(kubeProxy, single())).toEqual(['tcp 10256 loopback', 'tcp 10249 loopback']);
  });
});

describe('coredns', () => {
  const deployment = (given: Cluster): unknown => objectOf(coredns, given, 'Deployment')?.['spec'];
  const corefile = (given: Cluster): string =>
    (objectOf(coredns, given, 'ConfigMap') as { data: { Corefile: string } }).data.Corefile;

  test('one server and no disruption budget where one node can run it', () => {
    expect(deployment(single())).toMatchObject({ replicas: 1 });
    expect(objectOf(coredns, single(), 'PodDisruptionBudget')).toBeUndefined();
  });

  test('two servers, never on one node, elsewhere', () => {
    const given = exampleCluster('openstack-lbaas');
    expect(deployment(given)).toMatchObject({
      replicas: 2,
      template: {
        spec: {
          topologySpreadConstraints: [
            { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', minDomains: 2 },
            { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
          ],
        },
      },
    });
    expect(objectOf(coredns, given, 'PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: 1 } });
  });

  test('nodes with a taint of their own are not counted', () => {
    const taint = 'taints: [{ key: gpu, effect: NoSchedule }]';
    const given = cluster(
      'network: { nodes: 192.0.2.0/24 }\nnodes:\n' +
        '- { name: a, roles: [control-plane], address: 192.0.2.10 }\n' +
        `- { name: b, roles: [worker], address: 192.0.2.11, ${taint} }\n`,
    );
    expect(deployment(given)).toMatchObject({ replicas: 1 });
  });

  test('its address is what kubelets tell their pods, in both families', () => {
    const given = dual(['192.0.2.0/24', '2001:db8::/64'], ['192.0.2.10', '2001:db8::10']);
    expect(objectOf(coredns, given, 'Service')?.['spec']).toMatchObject({
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10', 'fd00:10:96::a'],
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'RequireDualStack',
    });
    expect(objectOf(coredns, single(), 'Service')?.['spec']).toMatchObject({
      clusterIPs: ['10.96.0.10'],
      ipFamilyPolicy: 'SingleStack',
    });
  });

  test('the Corefile', () => {
    const given = single('components: { coredns: { upstream: [192.0.2.53, "[2001:db8::53]:5353"] } }\n');
    expect(corefile(given)).toContain('forward . 192.0.2.53 [2001:db8::53]:5353 {');
    expect(corefile(single())).toContain('forward . /etc/resolv.conf {');
    expect(corefile(single())).toContain('kubernetes cluster.local in-addr.arpa ip6.arpa {');
  });

  test.each(['192.0.2.53 }', 'ns.example.org', '192.0.2.53\n', ''])(
    'an upstream cannot break out of it: %j',
    (upstream) => {
      expect(() => single(`components: { coredns: { upstream: [${JSON.stringify(upstream)}] } }\n`)).toThrow();
    },
  );
});

describe('flannel', () => {
  test('is there only when it is the plugin', () => {
    const none = cluster(`network: { nodes: 192.0.2.0/24, plugin: none }\n${ONE}`);
    expect(flannel.addon?.(none)).toBeUndefined();
    expect(items(flannel, none)).toEqual([]);
  });

  test.each([
    [single(), { Network: '10.244.0.0/16' }],
    [
      dual(['192.0.2.0/24', '2001:db8::/64'], ['192.0.2.10', '2001:db8::10']),
      { Network: '10.244.0.0/16', EnableIPv6: true, IPv6Network: 'fd00:10:244::/56' },
    ],
    [
      cluster(`network: { nodes: '2001:db8::/64' }\n${ONE.replace('192.0.2.10', "'2001:db8::10'")}`),
      { EnableIPv4: false, EnableIPv6: true, IPv6Network: 'fd00:10:244::/56' },
    ],
  ])('its networks are the cluster’s (%#)', (given, networks) => {
    expect(flannelConfiguration(given)).toEqual({ ...networks, EnableNFTables: true, Backend: { Type: 'vxlan' } });
  });

  test('opens VXLAN’s port between nodes, and none without VXLAN', () => {
    expect(ports(flannel, single())).toEqual(['udp 8472 nodes', 'tcp 8081 loopback']);
    expect(ports(flannel, single('components: { flannel: { backend: host-gw } }\n'))).toEqual(['tcp 8081 loopback']);
  });

  test('pods are made anew when the configuration changes', () => {
    const annotation = (given: Cluster): unknown =>
      (objectOf(flannel, given, 'DaemonSet') as { spec: { template: { metadata: unknown } } }).spec.template.metadata;
    expect(annotation(single())).toEqual(annotation(single()));
    expect(annotation(single())).not.toEqual(annotation(single('components: { kube-proxy: { mode: iptables } }\n')));
  });
});

describe('openstack-cloud-controller-manager', () => {
  const given = exampleCluster('openstack-lbaas');
  const conf = (c: Cluster): string =>
    files(openstackCloudControllerManager, c)['/etc/kubernetes/cloud.conf']?.content ?? '';

  test('is there only on OpenStack, and its credential on control-plane nodes alone', () => {
    expect(openstackCloudControllerManager.addon?.(single())).toBeUndefined();
    expect(items(openstackCloudControllerManager, single())).toEqual([]);
    const withWorker = cluster(
      'network: { nodes: 192.0.2.0/24 }\ncloud: { openstack: { authUrl: "https://k.example.org/v3" } }\nnodes:\n' +
        '- { name: a, roles: [control-plane], address: 192.0.2.10 }\n- { name: b, roles: [worker], address: 192.0.2.11 }\n',
    );
    expect(items(openstackCloudControllerManager, withWorker, withWorker.nodes[1])).toEqual([]);
  });

  test('cloud.conf', () => {
    expect(files(openstackCloudControllerManager, given)['/etc/kubernetes/cloud.conf']?.mode).toBe(0o600);
    expect(conf(given)).toBe(`[Global]
auth-url="https://keystone.example.org:5000/v3"
application-credential-id="\${triskel:openstack/credential-id}"
application-credential-secret="\${triskel:openstack/credential-secret}"
region="RegionOne"

[Networking]
address-sort-order="10.180.0.0/24"
ipv6-support-disabled=true

[LoadBalancer]
subnet-id="\${triskel:openstack/subnet-id}"
floating-network-id="\${triskel:openstack/floating-network-id}"
internal-lb=false
create-monitor=true
`);
  });

  test('every hole of cloud.conf is declared', () => {
    const declared = secretsOf(given).values.map(({ name, part }) => `${name}/${part}`);
    const used = findHoles(conf(given)).map(holeId);
    expect(used.length).toBe(4);
    expect(used.filter((id) => !declared.includes(id))).toEqual([]);
  });

  test('a cloud without external network has no floating IPs, and one with two families finds its subnets', () => {
    const c = cluster(
      'network: { nodes: [192.0.2.0/24, "2001:db8::/64"] }\ncloud: { openstack: { authUrl: "https://k.example.org/v3" } }\n' +
        'nodes: [{ name: a, roles: [control-plane], address: [192.0.2.10, "2001:db8::10"] }]\n',
    );
    expect(conf(c)).not.toMatch(/floating-network-id|subnet-id|region/);
    expect(conf(c)).toContain('ipv6-support-disabled=false');
    expect(secretsOf(c).values.map(({ part }) => part)).not.toContain('floating-network-id');
  });

  test('its listener is on loopback, and it opens no other', () => {
    expect(cloudControllerArguments(given)).toEqual(
      expect.arrayContaining(['--cluster-name=openstack-lbaas', '--bind-address=127.0.0.1', '--webhook-secure-port=0']),
    );
    expect(ports(openstackCloudControllerManager, given)).toEqual(['tcp 10258 loopback']);
  });

  test('a text of its configuration cannot break out of its quotes', () => {
    expect(gcfg({ A: { b: 'x"\\y', c: true, d: undefined }, E: {} })).toBe('[A]\nb="x\\"\\\\y"\nc=true\n\n[E]\n');
    expect(() => gcfg({ A: { b: 'x\ny' } })).toThrow('control character');
  });
});
