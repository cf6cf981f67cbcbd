/** Where SELinux enforces its policy, containers are confined, and what must see the node's files may. */
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IPod } from 'kubernetes-models/v1/Pod';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import { components } from '../../generator/components/index.ts';
import { clusterOf } from '../support/cluster.ts';

const cluster = (controlPlane: string, workers: string): Cluster =>
  clusterOf(`
apiVersion: triskel/v1
name: demo
network: {nodes: 10.0.0.0/24}
os: {name: ${controlPlane}}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
cloud: {openstack: {cloud: c, authUrl: "https://keystone.example.org:5000/v3", image: i, flavor: f}}
nodes:
  - {name: cp0, roles: [control-plane], address: 10.0.0.10}
  - {name: worker0, roles: [worker], address: 10.0.0.20, os: {name: ${workers}}}
`);

const filesOf = (of: Cluster, node: number) =>
  components
    .flatMap((component) => component.plan?.(of, of.nodes[node] as Cluster['nodes'][number]) ?? [])
    .filter((item) => item.kind === 'file');

const staticPods = (of: Cluster): IPodSpec[] =>
  filesOf(of, 0)
    .filter(({ content }) => content.includes('kind: Pod\n'))
    .flatMap(({ content }) => (parse(content) as IPod).spec ?? []);

/** Pods that mount files of the node; privileged ones are not confined anyway. */
const daemons = (of: Cluster): IPodSpec[] =>
  components
    .flatMap((component) => component.addon?.(of)?.objects ?? [])
    .filter(({ kind }) => kind === 'DaemonSet')
    .flatMap((object) => (object as unknown as IDaemonSet).spec?.template.spec ?? [])
    .filter(({ volumes = [] }) => volumes.some(({ hostPath }) => hostPath !== undefined))
    .filter(({ containers }) => containers.every(({ securityContext }) => securityContext?.privileged !== true));

const typeOf = ({ securityContext }: IPodSpec): string | undefined => securityContext?.seLinuxOptions?.type;
const runtime = (of: Cluster, node: number): string =>
  filesOf(of, node).find(({ path }) => path === '/etc/containerd/config.toml')?.content ?? '';

describe('Rocky Linux with workers on Debian', () => {
  const mixed = cluster('rocky', 'debian');

  test('static pods and daemons that mount the node’s files have the type that may use them', () => {
    expect(staticPods(mixed).map(typeOf)).toEqual(['spc_t', 'spc_t', 'spc_t', 'spc_t']);
    expect(daemons(mixed).map(typeOf)).toEqual(['spc_t', 'spc_t']);
  });

  test('containerd confines what has no such type, on Rocky Linux alone', () => {
    expect(runtime(mixed, 0)).toContain('enable_selinux = true\n');
    expect(runtime(mixed, 1)).not.toContain('selinux');
  });
});

test('a control plane on Debian is not concerned by workers on Rocky Linux, daemons are', () => {
  const mixed = cluster('debian', 'rocky');
  expect(staticPods(mixed).map(typeOf)).toEqual([undefined, undefined, undefined, undefined]);
  expect(new Set(daemons(mixed).map(typeOf))).toEqual(new Set(['spc_t']));
});

test('without such a node nothing speaks of SELinux', () => {
  const plain = cluster('ubuntu', 'flatcar');
  expect([...staticPods(plain), ...daemons(plain)].map(typeOf).filter((type) => type !== undefined)).toEqual([]);
});
