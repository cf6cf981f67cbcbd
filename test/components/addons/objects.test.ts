import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../generator/cluster/cluster.ts';
import type { KubernetesObject } from '../../../generator/components/component.ts';
import { addonsOf } from '../../support/addons.ts';
import { clusterOf, exampleCluster } from '../../support/cluster.ts';
import { hasSchema, openapiErrors, openapiMissing } from '../../support/openapi.ts';

const CA = readFileSync('test/data/ca.pem', 'utf8');

const OPTIONS = `
apiVersion: triskel/v1
name: six
endpoint: { type: external, internal: '[2001:db8::5]:6443' }
network: { nodes: [2001:db8::/64, 192.0.2.0/24] }
components:
  kube-proxy: { mode: iptables, conntrackMaxPerCore: 0 }
  coredns: { replicas: 5, upstream: [192.0.2.53, '[2001:db8::53]:5353'] }
  flannel: { backend: host-gw }
  openstack-cloud-controller-manager: { ca: ${JSON.stringify(CA)} }
cloud: { openstack: { authUrl: 'https://keystone.example.org/v3' } }
nodes:
  - { name: a, roles: [control-plane], address: ['2001:db8::10', 192.0.2.10] }
  - { name: b, roles: [worker], address: ['2001:db8::11', 192.0.2.11] }
`;

const clusters: [string, Cluster][] = [
  ...['openstack-lbaas', 'debian-ha', 'single-node'].map((name): [string, Cluster] => [name, exampleCluster(name)]),
  ['every option, IPv6 first', clusterOf(OPTIONS)],
];

function objectsOf(cluster: Cluster): KubernetesObject[] {
  return addonsOf(cluster).flatMap((addon) => [...addon.objects]);
}

/** A pod's parts, whatever brings the pod. */
interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly tolerations?: readonly { readonly key?: string; readonly operator?: string; readonly effect?: string }[];
  readonly priorityClassName?: string;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
}

interface Container {
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly args?: readonly string[];
  readonly livenessProbe?: object;
  readonly resources?: { readonly requests?: object };
  readonly volumeMounts?: readonly { readonly name: string }[];
}

function podsOf(cluster: Cluster): [string, PodSpec][] {
  return objectsOf(cluster).flatMap((object) => {
    const spec = object['spec'] as { template?: { spec: PodSpec } } | undefined;
    return spec?.template === undefined ? [] : [[object.metadata.name, spec.template.spec] as [string, PodSpec]];
  });
}

describe.skipIf(openapiMissing !== undefined)(
  openapiMissing === undefined ? 'upstream’s OpenAPI takes every object' : `skipped: ${openapiMissing}`,
  () => {
    test.each(clusters)('%s', (_name, cluster) => {
      const known = objectsOf(cluster).filter(hasSchema);
      expect(known.length).toBeGreaterThan(8);
      expect(
        known.flatMap((object) => openapiErrors(object).map((e) => `${object.kind} ${object.metadata.name} ${e}`)),
      ).toEqual([]);
    });

    test('and refuses a field that does not exist, and one of the wrong type', () => {
      const [object] = objectsOf(exampleCluster('single-node')).filter((o) => o.kind === 'DaemonSet') as [
        KubernetesObject,
      ];
      expect(openapiErrors({ ...object, spec: { ...(object['spec'] as object), hostNetwork: true } })).toEqual([
        '/spec: must NOT have additional properties (hostNetwork)',
      ]);
      expect(openapiErrors({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: 1 } })).toEqual([
        '/data/a: must be string',
      ]);
    });
  },
);

describe.each(clusters)('%s', (_name, cluster) => {
  test('every add-on names the images that its pods run, and no others', () => {
    for (const addon of addonsOf(cluster)) {
      const run = addon.objects.flatMap((object) => {
        const template = (object['spec'] as { template?: { spec: PodSpec } } | undefined)?.template?.spec;
        return [...(template?.containers ?? []), ...(template?.initContainers ?? [])].map(({ image }) => image);
      });
      expect([...new Set(run)].sort()).toEqual([...addon.images].sort());
    }
  });

  test('every volume is mounted, every mount has its volume', () => {
    for (const [name, { volumes = [], containers, initContainers = [] }] of podsOf(cluster)) {
      const mounts = [...containers, ...initContainers].flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map((m) => m.name),
      );
      expect([...new Set(mounts)].sort(), name).toEqual(volumes.map((v) => v.name).sort());
    }
  });

  test('pods have requests, a liveness probe and a system priority', () => {
    for (const [name, { containers, priorityClassName }] of podsOf(cluster)) {
      expect(priorityClassName, name).toMatch(/^system-(node|cluster)-critical$/);
      for (const { resources, livenessProbe } of containers) {
        expect(resources?.requests, name).toBeDefined();
        expect(livenessProbe, name).toBeDefined();
      }
    }
  });

  test('what nodes need to become ready tolerates every taint, and reaches the API at its endpoint', () => {
    const pods = podsOf(cluster).filter(([, pod]) => pod.hostNetwork === true);
    expect(pods.length).toBeGreaterThan(1);
    for (const [name, { tolerations, containers }] of pods) {
      expect(tolerations, name).toEqual([{ operator: 'Exists' }]);
      if (name === 'kube-proxy') continue; // it has a kubeconfig
      expect(containers[0]?.env, name).toEqual(
        expect.arrayContaining([
          { name: 'KUBERNETES_SERVICE_HOST', value: cluster.endpoint.internal.host },
          { name: 'KUBERNETES_SERVICE_PORT', value: String(cluster.endpoint.internal.port) },
        ]),
      );
    }
  });
});
