import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { ownFacts, type Fields, type Program } from '../../generator/cluster/facts.ts';
import { fieldOf, fieldsOf, flagOf, hasFlag, stageOf, versionOf } from '../../generator/cluster/lives.ts';
import { newestPatch, supportedMinors, type Versions } from '../../generator/cluster/versions.ts';
import { etcdArguments } from '../../generator/components/etcd/arguments.ts';
import { apiServerArguments } from '../../generator/components/kube-apiserver/arguments.ts';
import { controllerManagerArguments } from '../../generator/components/kube-controller-manager/kube-controller-manager.ts';
import { kubeProxyArguments, kubeProxyConfiguration } from '../../generator/components/kube-proxy/kube-proxy.ts';
import { schedulerArguments } from '../../generator/components/kube-scheduler/kube-scheduler.ts';
import { kubeletConfiguration, kubeletFlags } from '../../generator/components/kubelet/kubelet.ts';
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

const dual = (version: string): Cluster => clusterOf(DUAL_STACK.replace('VERSION', version));
const minors = supportedMinors(ownFacts);
const versions = minors.map((minor) => newestPatch(ownFacts, minor));

const programs: [Program, (cluster: Cluster, node: ClusterNode) => readonly string[]][] = [
  ['kube-apiserver', apiServerArguments],
  ['kube-controller-manager', controllerManagerArguments],
  ['kube-scheduler', schedulerArguments],
  ['kube-proxy', kubeProxyArguments],
  ['kubelet', kubeletFlags],
  ['etcd', etcdArguments],
];

function unknown(run: Versions, program: Program, args: readonly string[]): string[] {
  return args.map((argument) => argument.slice(2).split('=')[0] ?? '').filter((flag) => !hasFlag(run, program, flag));
}

it('the minor versions that are promised', () => {
  expect(minors).toEqual(['1.33', '1.34', '1.35', '1.36']);
});

describe.each(versions)('Kubernetes %s has every flag that is emitted', (version) => {
  it.each(programs)('%s', (program, argumentsOf) => {
    const clusters = version.startsWith('1.36') ? [exampleCluster('openstack-lbaas'), dual(version)] : [dual(version)];
    for (const cluster of clusters) {
      for (const node of cluster.nodes) {
        const args = argumentsOf(cluster, node);
        expect(args.length).toBeGreaterThan(1);
        expect(unknown(cluster.versions, program, args)).toEqual([]);
        const onTheirWayOut = args.filter((argument) => {
          const flag = flagOf(cluster.versions, program, argument.slice(2).split('=')[0] ?? '');
          return flag === undefined || stageOf(flag, versionOf(cluster.versions, program)) !== 'current';
        });
        expect(onTheirWayOut).toEqual([]);
        const flags = args.map((argument) => argument.split('=')[0]);
        expect(new Set(flags).size, 'no flag is given twice').toBe(flags.length);
      }
    }
  });

  it('and every field', () => {
    const cluster = dual(version);
    for (const node of cluster.nodes) {
      const kubelet = kubeletConfiguration(cluster, node);
      expect(unknownFields(cluster.versions, kubelet, fieldsOf(cluster.versions, 'KubeletConfiguration'))).toEqual([]);
    }
    const proxy = kubeProxyConfiguration(cluster);
    expect(unknownFields(cluster.versions, proxy, fieldsOf(cluster.versions, 'KubeProxyConfiguration'))).toEqual([]);
  });
});

function unknownFields(run: Versions, value: object, fields: Fields): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (name === 'apiVersion' || name === 'kind') return [];
    const field = fieldOf(fields, name);
    if (field === undefined || ['removed', 'later'].includes(stageOf(field, run.kubernetes))) return [name];
    return field.fields === undefined ? [] : unknownFields(run, inner as object, field.fields);
  });
}

it('refuses a flag and a field that the program does not have', () => {
  const run = dual('1.36.3').versions;
  expect(unknown(run, 'kube-apiserver', ['--cloud-config=x', '--profiling=false'])).toEqual(['cloud-config']);
  const fields = fieldsOf(run, 'KubeletConfiguration');
  expect(unknownFields(run, { maxPods: 1, authentication: { x508: {} } }, fields)).toEqual(['x508']);
  expect(unknownFields(dual('1.35.7').versions, { tlsCurvePreferences: [] }, fields)).toEqual(['tlsCurvePreferences']);
});

describe('the facts are those of the real binaries', () => {
  const listed = (file: string): string[] =>
    readFileSync(`test/data/flags/${file}.txt`, 'utf8')
      .split('\n')
      .filter((flag) => flag.startsWith('--') && flag !== '--help' && flag !== '--version')
      .map((flag) => flag.slice(2));
  /** Flags that the binaries take and their help does not show. */
  const hidden = [
    'audit-webhook-batch-initial-backoff',
    'config-file',
    'default-watch-cache-size',
    'experimental-snapshot-catchup-entries',
  ];

  it.each(programs.filter(([program]) => program !== 'etcd'))('%s 1.36', (program) => {
    const run = dual('1.36.3').versions;
    const known = Object.keys(ownFacts.flags[program]).filter((flag) => hasFlag(run, program, flag));
    expect(known.filter((flag) => !hidden.includes(flag)).sort()).toEqual(listed(`${program}-1.36`).sort());
  });

  it.each(['1.33.13', '1.36.3'])('etcd with Kubernetes %s', (version) => {
    const run = dual(version).versions;
    const line = run.etcd.split('.').slice(0, 2).join('.');
    const known = Object.keys(ownFacts.flags.etcd).filter((flag) => hasFlag(run, 'etcd', flag));
    expect(known.filter((flag) => !hidden.includes(flag)).sort()).toEqual(
      listed(`etcd-${line}`)
        .filter((flag) => !hidden.includes(flag))
        .sort(),
    );
  });
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
