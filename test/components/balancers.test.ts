/** What haproxy and keepalived are told, beyond what the committed trees show. */
import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { components } from '../../generator/components/index.ts';
import { mergeItems } from '../../generator/nodeplan/merge.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { clusterOf } from '../support/cluster.ts';

const blueprint = (endpoint: string, more = ''): Cluster =>
  clusterOf(`
apiVersion: triskel/v1
name: test
endpoint: ${endpoint}
network: { nodes: 10.0.0.0/24 }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
os: { name: debian }
${more}
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10 }
  - { name: cp1, roles: [control-plane], address: 10.0.0.11 }
  - { name: lb0, roles: [load-balancer, worker], address: 10.0.0.20 }
  - { name: lb1, roles: [load-balancer, worker], address: 10.0.0.21 }
`);

function planned(cluster: Cluster, name: string): { plan: NodePlan; codes: string[] } {
  const node = cluster.nodes.find((each) => each.name === name) as ClusterNode;
  const items = components.flatMap((component) => component.plan?.(cluster, node) ?? []);
  const { value, diagnostics } = mergeItems(node, items);
  return { plan: value as NodePlan, codes: diagnostics.map(({ code, message }) => `${code}: ${message}`) };
}

const textOf = (cluster: Cluster, node: string, path: string): string =>
  planned(cluster, node).plan.files.find((file) => file.path.endsWith(path))?.content ?? '';
const CONF = '/keepalived/keepalived.conf';

describe('a virtual IP', () => {
  const onLoadBalancers = blueprint(
    '{ type: keepalived, internal: 10.0.0.5:6443, holders: load-balancer, virtualRouterId: 51 }',
  );

  it('has a priority of its own on each holder, and the others as peers', () => {
    const [one, other] = ['lb0', 'lb1'].map((node) => textOf(onLoadBalancers, node, CONF));
    expect(one).toMatch(/priority 200\n[\s\S]*unicast_src_ip 10\.0\.0\.20\n\s+unicast_peer \{\n\s+10\.0\.0\.21\n/);
    expect(other).toMatch(/priority 199\n[\s\S]*unicast_src_ip 10\.0\.0\.21\n\s+unicast_peer \{\n\s+10\.0\.0\.20\n/);
  });

  it('is held by nobody else, and balances to the control plane', () => {
    expect(textOf(onLoadBalancers, 'cp0', CONF)).toBe('');
    expect(textOf(onLoadBalancers, 'cp0', '/haproxy.cfg')).toBe('');
    expect(textOf(onLoadBalancers, 'lb0', '/haproxy.cfg')).toContain('server cp1 10.0.0.11:6443 verifyhost cp1');
  });

  it('is BACKUP everywhere with nopreempt, and without', () => {
    for (const nopreempt of [true, false]) {
      const cluster = blueprint(
        '{ type: keepalived, internal: 10.0.0.5:8443 }',
        `components: { keepalived: { nopreempt: ${String(nopreempt)} } }`,
      );
      const text = textOf(cluster, 'cp0', CONF);
      expect(text).toContain('state BACKUP');
      expect(text.includes('\n    nopreempt\n')).toBe(nopreempt);
    }
  });

  it('says to whom VRRP goes', () => {
    const { ports } = planned(onLoadBalancers, 'lb0').plan;
    expect(ports.find(({ protocol }) => protocol === 'vrrp')).toMatchObject({ port: 112, from: 'load-balancer' });
  });

  it('has a password only where it is asked for, as a hole', () => {
    const cluster = blueprint(
      '{ type: keepalived, internal: 10.0.0.5:8443 }',
      'components: { keepalived: { authentication: pass } }',
    );
    expect(textOf(cluster, 'cp0', CONF)).toContain('auth_pass ${triskel:keepalived/auth-pass}');
    expect(textOf(onLoadBalancers, 'lb0', CONF)).not.toContain('auth');
  });
});

describe('ports', () => {
  it.each([
    ['a NodePort', '{ type: keepalived, internal: 10.0.0.5:30443 }', ''],
    ['the kubelet’s', '{ type: keepalived, internal: 10.0.0.5:10250 }', ''],
    ['haproxy’s own health', '{ type: keepalived, internal: 10.0.0.5:8404 }', ''],
    ['etcd’s', '{ type: keepalived, internal: 10.0.0.5:8443 }', 'components: { haproxy: { healthPort: 2381 } }'],
  ])('of haproxy may not be %s', (_, endpoint, more) => {
    expect(planned(blueprint(endpoint, more), 'cp0').codes).toEqual([
      expect.stringMatching(/^plan\/port-conflict: cp0: /) as string,
    ]);
  });

  it('of published services may not be the API’s at the same machine', () => {
    const cluster = blueprint(
      '{ type: keepalived, internal: 10.0.0.5:443, holders: load-balancer }',
      'publishedServices: { virtualIps: 10.0.0.6, ports: [80, 400-500] }',
    );
    expect(planned(cluster, 'lb0').codes).toEqual([
      'plan/port-conflict: lb0: 400-500 is the port of published services, and of the Kubernetes API, by haproxy',
    ]);
  });

  it('may be what is free', () => {
    expect(planned(blueprint('{ type: keepalived, internal: 10.0.0.5:443 }'), 'cp0').codes).toEqual([]);
  });
});

it('SELinux is told what haproxy and keepalived need, where it enforces', () => {
  const text = (os: string): string => {
    const cluster = blueprint('{ type: keepalived, internal: 10.0.0.5:8443 }');
    const node = { ...cluster.nodes[0], os: { ...cluster.nodes[0]?.os, name: os } } as ClusterNode;
    const moved = { ...cluster, virtualIps: cluster.virtualIps.map((ip) => ({ ...ip, holders: [node] })) };
    const items = components.flatMap((component) => component.plan?.(moved, node) ?? []);
    return items.map((item) => (item.kind === 'unit' ? item.content : '')).join('');
  };
  expect(text('rocky').match(/setsebool \S+/g)).toEqual([
    'setsebool haproxy_connect_any=1',
    'setsebool keepalived_connect_any=1',
  ]);
  expect(text('debian')).not.toContain('setsebool');
});
