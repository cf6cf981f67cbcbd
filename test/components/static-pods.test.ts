import { describe, expect, it } from 'vitest';
import type { IPod } from 'kubernetes-models/v1/Pod';
import { parse } from 'yaml';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { applierItems } from '../../generator/components/addons/addons.ts';
import { addonSet } from '../../generator/components/addons/set.ts';
import { components } from '../../generator/components/index.ts';
import type { FileItem, PlanItem } from '../../generator/nodeplan/items.ts';
import { exampleCluster } from '../support/cluster.ts';

/** Made by the guard when etcd may start, and by nobody else. */
const MADE_BY_THE_GUARD = '/var/lib/etcd/data';

function itemsOf(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const set = addonSet(
    cluster,
    components.flatMap((component) => component.addon?.(cluster) ?? []),
  );
  const applier = set.value === undefined ? [] : applierItems(cluster, node, set.value);
  return [...components.flatMap((component) => component.plan?.(cluster, node) ?? []), ...applier];
}

function podsOf(items: readonly PlanItem[]): IPod[] {
  const files = items.filter((item): item is FileItem => item.kind === 'file');
  return files
    .filter(({ path }) => path.startsWith('/etc/kubernetes/manifests/') || path === '/etc/triskel/etcd.yaml')
    .map(({ content }) => parse(content) as IPod);
}

const cases = ['openstack-lbaas', 'debian-ha', 'single-node'].map((name) => {
  const cluster = exampleCluster(name);
  const items = itemsOf(cluster, cluster.controlPlaneNodes[0] as ClusterNode);
  return { name, items, pods: podsOf(items) };
});

describe.each(cases)('static pods of $name', ({ items, pods }) => {
  it('are etcd and the three of the control plane', () => {
    const names = pods.map((pod) => pod.metadata?.name).sort();
    expect(names).toEqual(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']);
  });

  it('mount only what is on the node', () => {
    const files = new Set(items.flatMap((item) => (item.kind === 'file' ? item.path : [])));
    const folders = new Set(items.flatMap((item) => (item.kind === 'directory' ? item.path : [])));
    const hasFiles = (folder: string): boolean => [...files].some((file) => file.startsWith(`${folder}/`));
    const hostPaths = pods.flatMap((pod) => pod.spec?.volumes?.map((volume) => volume.hostPath) ?? []);
    expect(hostPaths.length).toBeGreaterThan(10);
    const missing = hostPaths.filter((hostPath) => {
      const path = hostPath?.path ?? '';
      if (path === MADE_BY_THE_GUARD) return false;
      return hostPath?.type === 'File' ? !files.has(path) : !folders.has(path) && !hasFiles(path);
    });
    expect(missing).toEqual([]);
  });

  it('name only files that they mount', () => {
    for (const pod of pods) {
      const [container] = pod.spec?.containers ?? [];
      const mounts = container?.volumeMounts?.map((mount) => mount.mountPath) ?? [];
      const named = (container?.command ?? []).flatMap((argument) => /^--[a-z-]+=(\/.+)$/.exec(argument)?.[1] ?? []);
      const unmounted = named.filter((path) => !mounts.some((mount) => path === mount || path.startsWith(`${mount}/`)));
      expect({ pod: pod.metadata?.name, unmounted }).toEqual({ pod: pod.metadata?.name, unmounted: [] });
    }
  });

  it('write nowhere but to their data and their log', () => {
    const writable = pods.flatMap(
      (pod) => pod.spec?.containers[0]?.volumeMounts?.filter((m) => m.readOnly !== true) ?? [],
    );
    const paths = writable.map((mount) => mount.mountPath).sort();
    expect(paths).toEqual(['/var/lib/etcd/data', '/var/log/kubernetes/audit']);
  });

  it('are probed on the loopback port on which they listen', () => {
    for (const pod of pods) {
      const [container] = pod.spec?.containers ?? [];
      for (const probe of [container?.startupProbe, container?.livenessProbe, container?.readinessProbe]) {
        expect(probe?.httpGet).toMatchObject({ host: '127.0.0.1' });
        const port = String(probe?.httpGet?.port);
        expect(
          container?.command?.some((argument) => argument.includes(`:${port}`) || argument === `--secure-port=${port}`),
        ).toBe(true);
      }
    }
  });

  it('refer to no object of the API, which the kubelet refuses', () => {
    for (const { spec } of pods) {
      expect(spec).not.toHaveProperty('serviceAccountName');
      for (const volume of spec?.volumes ?? []) expect(Object.keys(volume).sort()).toEqual(['hostPath', 'name']);
    }
  });
});

it('only control-plane nodes have a control plane, and workers hold no key of it', () => {
  const cluster = exampleCluster('debian-ha');
  const worker = cluster.nodes.find((node) => node.name === 'worker0') as ClusterNode;
  const items = itemsOf(cluster, worker);
  expect(podsOf(items)).toEqual([]);
  const holes = items.flatMap((item) =>
    item.kind === 'file' ? [...item.content.matchAll(/\$\{triskel:([^/]+)\//g)].map((m) => m[1]) : [],
  );
  expect([...new Set(holes)].sort()).toEqual([
    'cluster-ca',
    'kube-proxy.worker0',
    'kubelet-client.worker0',
    'kubelet-server.worker0',
  ]);
});

it('no node holds the key of a CA', () => {
  for (const { items } of cases) {
    const holes = items.flatMap((item) =>
      item.kind === 'file' ? [...item.content.matchAll(/\$\{triskel:([^}]+)\}/g)].map((m) => m[1]) : [],
    );
    expect(holes.length).toBeGreaterThan(20);
    expect(holes.filter((hole) => /^(cluster|etcd|front-proxy)-ca\/(?!cert$|bundle$)/.test(hole ?? ''))).toEqual([]);
  }
});
