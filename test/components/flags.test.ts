import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiServerArguments } from '../../generator/components/kube-apiserver/arguments.ts';
import { controllerManagerArguments } from '../../generator/components/kube-controller-manager/kube-controller-manager.ts';
import { schedulerArguments } from '../../generator/components/kube-scheduler/kube-scheduler.ts';
import { etcdArguments } from '../../generator/components/etcd/etcd.ts';
import { kubeletConfiguration, kubeletFlags } from '../../generator/components/kubelet/kubelet.ts';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { clusterOf, exampleCluster } from '../support/cluster.ts';

const DUAL_STACK = `
apiVersion: triskel/v1
name: dual
kubernetes: { version: VERSION }
endpoint: { type: external, internal: '192.0.2.5:6443' }
network: { nodes: [192.0.2.0/24, '2001:db8::/64'] }
nodes:
  - { name: a, roles: [control-plane], address: [192.0.2.10, '2001:db8::10'] }
  - { name: b, roles: [control-plane], address: [192.0.2.11, '2001:db8::11'] }
  - { name: c, roles: [control-plane, worker], address: [192.0.2.12, '2001:db8::12'], labels: { disk: ssd } }
`;

function known(file: string): Set<string> {
  return new Set(readFileSync(`test/data/flags/${file}.txt`, 'utf8').split('\n').filter(Boolean));
}

function unknown(args: readonly string[], flags: ReadonlySet<string>): string[] {
  return args.map((argument) => argument.split('=')[0] ?? '').filter((flag) => !flags.has(flag));
}

const dual = (version: string): Cluster => clusterOf(DUAL_STACK.replace('VERSION', version));

const programs: [string, (cluster: Cluster, node: ClusterNode) => string[]][] = [
  ['kube-apiserver-1.36', apiServerArguments],
  ['kube-controller-manager-1.36', controllerManagerArguments],
  ['kube-scheduler-1.36', (_cluster, node) => schedulerArguments(node)],
  ['kubelet-1.36', kubeletFlags],
  ['etcd-3.6', etcdArguments],
];

describe('every flag that is emitted is one of the real binary', () => {
  it.each(programs)('%s', (file, argumentsOf) => {
    for (const cluster of [exampleCluster('openstack-lbaas'), dual('1.36.3')]) {
      for (const node of cluster.nodes) {
        const args = argumentsOf(cluster, node);
        expect(args.length).toBeGreaterThan(3);
        expect(unknown(args, known(file))).toEqual([]);
      }
    }
  });

  it('etcd 3.5 with the Kubernetes that it pairs with', () => {
    const cluster = dual('1.33.13');
    const [node] = cluster.nodes as [ClusterNode];
    expect(unknown(etcdArguments(cluster, node), known('etcd-3.5'))).toEqual([]);
  });

  it('refuses a flag that the binary does not have', () => {
    expect(unknown(['--cloud-config=x', '--profiling=false'], known('kube-apiserver-1.36'))).toEqual([
      '--cloud-config',
    ]);
  });
});

describe('no flag is given twice', () => {
  it.each(programs)('%s', (_file, argumentsOf) => {
    const cluster = dual('1.36.3');
    const flags = argumentsOf(cluster, cluster.nodes[2] as ClusterNode).map((argument) => argument.split('=')[0]);
    expect(new Set(flags).size).toBe(flags.length);
  });
});

describe('KubeletConfiguration', () => {
  const fields = new Set([
    ...readFileSync('test/data/kubelet-configuration.txt', 'utf8').split('\n'),
    'apiVersion',
    'kind',
  ]);

  it('has only fields of the real type', () => {
    for (const version of ['1.33.13', '1.36.3']) {
      const cluster = dual(version);
      for (const node of cluster.nodes) {
        expect(Object.keys(kubeletConfiguration(cluster, node)).filter((field) => !fields.has(field))).toEqual([]);
      }
    }
  });

  it('caps the pause between starts on the control plane, by a gate where the version needs one', () => {
    const of = (version: string): Record<string, unknown> => {
      const cluster = dual(version);
      return kubeletConfiguration(cluster, cluster.nodes[0] as ClusterNode);
    };
    expect(of('1.36.3')).toMatchObject({ crashLoopBackOff: { maxContainerRestartPeriod: '5s' } });
    expect(of('1.36.3')).not.toHaveProperty('featureGates');
    expect(of('1.33.13')).toHaveProperty('featureGates', { KubeletCrashLoopBackOffMax: true });
  });
});
