/**
 * What the guides of the five systems got wrong and no blueprint can ask for: another stage refuses it, or there is no word for it.
 * docs/systems.md points here.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readCluster } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';

/** The error codes of the sound cluster with this laid over it. */
function codesOf(over: object): string[] {
  const head = { apiVersion: 'triskel/v1', name: 'refused', extends: ['sound.yaml'] };
  const files = blueprintFiles(
    new Map([
      ['refused.yaml', stringify({ ...head, ...over })],
      ['sound.yaml', readFileSync('test/review/sound.yaml', 'utf8')],
    ]),
  );
  const { diagnostics } = readCluster('refused.yaml', files);
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

const argument = (program: string, flag: string, value: string | number | boolean): object => ({
  components: { [program]: { extraArguments: { [flag]: value } } },
});
const kubelet = (configuration: object): object => ({ components: { kubelet: { configuration } } });

test('the sound cluster itself is refused by nothing', () => {
  expect(codesOf({})).toEqual([]);
});

test.each([
  [
    'an API without authentication: insecure-bind-address',
    'settings/unknown',
    argument('kube-apiserver', 'insecure-bind-address', '0.0.0.0'),
  ],
  ['the same: insecure-port', 'settings/unknown', argument('kube-apiserver', 'insecure-port', 8080)],
  ['everybody is let in: anonymous-auth', 'settings/owned', argument('kube-apiserver', 'anonymous-auth', true)],
  [
    'everything is allowed: authorization-mode',
    'settings/owned',
    argument('kube-apiserver', 'authorization-mode', 'AlwaysAllow'),
  ],
  [
    'API servers counted by hand: apiserver-count',
    'settings/unknown',
    argument('kube-apiserver', 'apiserver-count', 3),
  ],
  [
    'tokens signed by the CA’s key: service-account-key-file',
    'settings/owned',
    argument('kube-apiserver', 'service-account-key-file', '/tmp/ca.key'),
  ],
  [
    'the same for whoever signs them',
    'settings/owned',
    argument('kube-controller-manager', 'service-account-private-key-file', '/tmp/sa.key'),
  ],
  [
    'a log outside every volume: audit-log-path',
    'settings/owned',
    argument('kube-apiserver', 'audit-log-path', '/tmp/audit.log'),
  ],
  [
    'the cloud within Kubernetes: cloud-provider',
    'settings/removed',
    argument('kube-apiserver', 'cloud-provider', 'openstack'),
  ],
  [
    'tokens in a file that no pod sees: token-auth-file',
    'settings/absent-file',
    argument('kube-apiserver', 'token-auth-file', '/etc/kubernetes/token.csv'),
  ],
  [
    'etcd without TLS: listen-client-urls',
    'settings/owned',
    argument('etcd', 'listen-client-urls', 'http://0.0.0.0:2379'),
  ],
  ['etcd without client certificates: client-cert-auth', 'settings/owned', argument('etcd', 'client-cert-auth', false)],
  ['names cut out of addresses: name', 'settings/owned', argument('etcd', 'name', 'etcd0')],
  ['kubenet: network-plugin', 'settings/unknown', argument('kubelet', 'network-plugin', 'kubenet')],
  ['a kubelet that everybody reads: readOnlyPort', 'settings/owned', kubelet({ readOnlyPort: 10255 })],
  [
    'a kubelet that asks nobody: authorization.mode',
    'settings/owned',
    kubelet({ authorization: { mode: 'AlwaysAllow' } }),
  ],
  ['another cgroup driver than the runtime’s: cgroupDriver', 'settings/owned', kubelet({ cgroupDriver: 'cgroupfs' })],
  [
    'services among the machines',
    'cluster/network-overlap',
    { network: { nodes: '10.0.0.0/24', services: '10.0.0.128/25' } },
  ],
  ['pods among the machines', 'cluster/network-overlap', { network: { nodes: '10.0.0.0/24', pods: '10.0.0.0/16' } }],
  [
    'nodes that join through one server’s own address',
    'cluster/endpoint-conflict',
    { endpoint: { type: 'external', internal: '10.0.0.10:6443' } },
  ],
  [
    'haproxy and the API server at one port',
    'cluster/endpoint-port',
    { endpoint: { type: 'keepalived', internal: '10.0.0.5:6443' } },
  ],
  [
    'a VIP that is a machine’s own address',
    'cluster/virtual-ip',
    { endpoint: { type: 'keepalived', internal: '10.0.0.10:7443' } },
  ],
])('%s: %s', (_what, code, over) => {
  expect(codesOf(over)).toContain(code);
});

test.each([
  ['priorities of one’s own, which could be equal', { components: { keepalived: { priority: 100 } } }],
  ['a check of one’s own, such as `pidof haprox`', { components: { keepalived: { check: 'pidof haprox' } } }],
  ['VRRP by multicast', { components: { keepalived: { multicast: true } } }],
  ['two_node with three', { components: { corosync: { twoNode: true } } }],
  ['corosync without encryption: udpu', { components: { corosync: { transport: 'udpu' } } }],
  ['a virtual IP that several nodes share (CLUSTERIP)', { components: { pacemaker: { cloneNodeMax: 2 } } }],
  ['all of kubeadm’s checks ignored', { components: { kubeadm: { ignorePreflightErrors: ['all'] } } }],
  ['SELinux permissive', { os: { name: 'rocky', selinux: 'permissive' } }],
  ['hosts of one’s own, which could be misspelt', { hosts: [{ name: 'tanaris', address: '10.0.0.48' }] }],
  ['an insecure registry', { registries: { insecure: ['10.211.55.2:5000'] } }],
  ['calico with an etcd of its own', { components: { calico: { etcdEndpoints: ['http://10.0.0.10:2379'] } } }],
])('there is no word for %s', (_what, over) => {
  expect(codesOf(over)).toContain('blueprint/unknown-key');
});
