/** Prometheus and Grafana as add-ons: what reaches them, what they keep, and which rights they have. */
import { expect, test } from 'vitest';
import { prometheus } from '../../generator/components/prometheus/prometheus.ts';
import { grafana } from '../../generator/components/grafana/grafana.ts';
import type { KubernetesObject } from '../../generator/components/component.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { inBase64 } from '../../generator/secrets/holes.ts';
import { clusterOf } from '../support/cluster.ts';

const cluster = (components: string, runs = 'k3s') =>
  clusterOf(`
apiVersion: triskel/v1
name: m
controlPlane: { runs: ${runs} }
endpoint: { type: external, internal: '192.0.2.5:6443', names: [api.example.org] }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
components: ${components}
nodes: [{ name: s1, roles: [control-plane, worker], address: 192.0.2.11 }]
`);
const objects = (components: string, runs?: string): readonly KubernetesObject[] => {
  const of = cluster(components, runs);
  return [prometheus, grafana].flatMap((component) => component.addon?.(of)?.objects ?? []);
};
const find = (all: readonly KubernetesObject[], kind: string, name: string) =>
  all.find((object) => object.kind === kind && object.metadata.name === name);

test('neither is there unless the blueprint has it', () => {
  expect(objects('{}')).toEqual([]);
});

test('both are reached at a port of every node, and their certificates hold at the endpoint', () => {
  const all = objects('{ prometheus: {}, grafana: {} }');
  const ports = all.filter(({ kind }) => kind === 'Service').map(({ spec }) => (spec as { ports: object[] }).ports[0]);
  expect(ports).toEqual([expect.objectContaining({ nodePort: 30090 }), expect.objectContaining({ nodePort: 30300 })]);
  const { certificates } = secretsOf(cluster('{ prometheus: {}, grafana: {} }'));
  for (const id of ['prometheus', 'grafana']) {
    const found = certificates.find((certificate) => certificate.id === id);
    expect(found?.ipAddresses).toEqual(expect.arrayContaining(['192.0.2.5', '192.0.2.11', '127.0.0.1']));
    expect(found?.dnsNames).toContain('api.example.org');
    expect(found?.node).toBeUndefined();
  }
});

test('Prometheus may look and no more', () => {
  const role = find(objects('{ prometheus: {} }'), 'ClusterRole', 'prometheus');
  const verbs = (role?.['rules'] as { verbs: string[] }[]).flatMap((rule) => rule.verbs);
  expect(new Set(verbs)).toEqual(new Set(['get', 'list', 'watch']));
  expect(JSON.stringify(role)).not.toMatch(/secrets|configmaps|"\*"/);
});

test('secrets hold nothing but holes', () => {
  const secrets = objects('{ prometheus: {}, grafana: {} }').filter(({ kind }) => kind === 'Secret');
  expect(secrets).toHaveLength(4);
  for (const { data } of secrets)
    for (const value of Object.values(data as object)) expect(value).toMatch(/^\$\{triskel:[a-z-]+\/[a-z-]+\.b64\}$/);
});

test.each([
  ['{ prometheus: {} }', 'k3s', { storage: '10Gi' }],
  ['{ prometheus: {} }', 'static-pods', undefined],
  ['{ prometheus: {}, k3s: { server: { disable: [local-storage] } } }', 'k3s', undefined],
  ['{ prometheus: { storage: { size: 50Gi, class: cinder } } }', 'static-pods', { storage: '50Gi' }],
  ['{ prometheus: { storage: { kind: none } } }', 'k3s', undefined],
])('the data of %s with %s', (components, runs, requests) => {
  const spec = find(objects(components, runs), 'StatefulSet', 'prometheus')?.['spec'] as {
    volumeClaimTemplates?: { spec: { resources: { requests: object } } }[];
  };
  expect(spec.volumeClaimTemplates?.[0]?.spec.resources.requests).toEqual(requests);
});

test.each([
  ['{ prometheus: { nodePort: 9090 } }', 'network.nodePorts is 30000-32767'],
  ['{ prometheus: { nodePort: 30300 }, grafana: {} }', 'are both to have the node port 30300'],
])('refuses %s', (components, text) => {
  const of = cluster(components);
  const found = [prometheus, grafana].flatMap((component) => component.check?.(of) ?? []);
  expect(found.map(({ code, message }) => [code, message])).toEqual([
    ['cluster/node-port', expect.stringContaining(text)],
  ]);
});

test('a part that ends in .b64 is the same, with a line feed, as base64', () => {
  const fill = inBase64(({ part }) => (part === 'cert' ? 'PEM' : undefined));
  expect(fill({ name: 'x', part: 'cert.b64' })).toBe(Buffer.from('PEM\n').toString('base64'));
  expect(fill({ name: 'x', part: 'cert' })).toBe('PEM');
  expect(fill({ name: 'x', part: 'none.b64' })).toBeUndefined();
});
