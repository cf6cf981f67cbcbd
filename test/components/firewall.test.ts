/** Whom the host firewall lets in, as rules; test/external/firewall.test.ts has the packets. */
import { describe, expect, test } from 'vitest';
import { components } from '../../generator/components/index.ts';
import { firewallItems } from '../../generator/components/firewall/firewall.ts';
import type { Cluster } from '../../generator/cluster/cluster.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { clusterOf } from '../support/cluster.ts';

const blueprint = (firewall: string, network = '10.0.0.0/24', address = '10.0.0.'): string => `
apiVersion: triskel/v1
name: demo
endpoint: { type: external, internal: api.example.org:6443 }
network: { nodes: ${network} }
firewall: ${firewall}
nodes:
  - { name: cp0, roles: [control-plane], address: '${address}10' }
  - { name: lb0, roles: [load-balancer, worker], address: '${address}20' }
`;

function inputOf(cluster: Cluster, more: readonly PlanItem[] = []): string[] {
  const planned = components.flatMap((component) => component.plan?.(cluster, cluster.nodes[0]!) ?? []);
  const file = firewallItems(cluster, [...planned, ...more]).find((item) => item.kind === 'file');
  const [, input = ''] = file?.kind === 'file' ? file.content.split('udp dport 546 accept\n') : [];
  return (input.split('counter')[0] ?? '').trim().split(/\n\s*/);
}

const port = (from: 'load-balancer' | 'endpoint' | 'storage' | 'loopback', number = 7): PlanItem => {
  return { kind: 'port', protocol: 'tcp', port: number, purpose: 'x', from };
};

test('is there where the blueprint switches it on, and nowhere else', () => {
  expect(firewallItems(clusterOf(blueprint('{}')), [])).toEqual([]);
  expect(firewallItems(clusterOf(blueprint('{ enabled: false, ssh: [10.0.0.0/8] }')), [])).toEqual([]);
  const items = firewallItems(clusterOf(blueprint('{ enabled: true }')), []);
  expect(items.map(({ kind }) => kind)).toEqual(['package', 'file', 'unit', 'phase']);
});

describe('the rules', () => {
  test('follow the items of the plan, those of the same senders in one line', () => {
    expect(inputOf(clusterOf(blueprint('{ enabled: true }')))).toEqual([
      'tcp dport 22 accept',
      'tcp dport { 6443, 30000-32767 } accept',
      'ip saddr 10.0.0.10 tcp dport { 2379, 10250 } accept',
      'ip saddr 10.0.0.10 tcp dport 2380 accept',
      'ip saddr 10.0.0.0/24 udp dport 8472 accept',
    ]);
  });

  test('name the nodes of a role; a role without nodes opens nothing, nor does what listens for the node itself', () => {
    const rules = inputOf(clusterOf(blueprint('{ enabled: true }')), [
      port('load-balancer', 7),
      port('storage', 8),
      port('loopback', 9),
      port('endpoint', 10),
    ]);
    expect(rules).toContain('ip saddr 10.0.0.20 tcp dport 7 accept');
    expect(rules).toContain('tcp dport 10 accept');
    expect(rules.join('\n')).not.toMatch(/dport [89] /);
  });

  test('let the holders of a virtual IP send from it', () => {
    const cluster = clusterOf(blueprint('{ enabled: true }'));
    const held = { family: 'ipv4', text: '10.0.0.99', value: 0n } as const;
    const moving = {
      serves: 'api',
      movedBy: 'keepalived',
      addresses: [held],
      routerId: 1,
      origin: [],
      floatingIp: undefined,
    } as const;
    const rules = inputOf({ ...cluster, virtualIps: [{ ...moving, holders: cluster.controlPlaneNodes }] });
    expect(rules).toContain('ip saddr { 10.0.0.10, 10.0.0.99 } tcp dport { 2379, 10250 } accept');
  });

  test('are of the cluster’s families', () => {
    const rules = inputOf(
      clusterOf(blueprint('{ enabled: true, allow: [{ port: 9, from: [pods] }] }', "'fd00:1::/64'", 'fd00:1::')),
    );
    expect(rules).toContain('ip6 saddr fd00:10:244::/56 tcp dport 9 accept');
    expect(rules).toContain('ip6 saddr fd00:1::10 tcp dport 2380 accept');
    expect(rules.join('\n')).not.toContain('ip saddr');
  });
});

test('metadata for pods is closed unless the blueprint opens it', () => {
  const content = (firewall: string): string =>
    JSON.stringify(firewallItems(clusterOf(blueprint(firewall)), []).find(({ kind }) => kind === 'file'));
  expect(content('{ enabled: true }')).toContain('169.254.169.254');
  expect(content('{ enabled: true, metadataForPods: true }')).not.toMatch(/169\.254|hook forward/);
});
