import { expect, test } from 'vitest';
import { tryCluster } from '../support/cluster.ts';

/** Three control-plane nodes, a balancer, and what a test says of the endpoint. */
function diagnosticsOf(endpoint: string, more = ''): string[] {
  const text = `
apiVersion: triskel/v1
name: test
endpoint: ${endpoint}
network: { nodes: 10.0.0.0/24 }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10 }
  - { name: cp1, roles: [control-plane], address: 10.0.0.11 }
  - { name: cp2, roles: [control-plane], address: 10.0.0.12 }
${more}`;
  return tryCluster(text).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

const BALANCER = '  - { name: lb0, roles: [load-balancer], address: 10.0.0.20 }\n';

test.each([
  ['a VIP outside of the nodes’ network', '{ type: keepalived, internal: 10.0.1.5:8443 }', 'cluster/virtual-ip'],
  ['a VIP that a node has', '{ type: keepalived, internal: 10.0.0.11:8443 }', 'cluster/virtual-ip'],
  ['haproxy at the API’s own port', '{ type: keepalived, internal: 10.0.0.5:6443 }', 'cluster/endpoint-port'],
  ['a port at which nothing listens', '{ type: pacemaker, internal: 10.0.0.5:8443 }', 'cluster/endpoint-port'],
  [
    'an endpoint on loopback of another type',
    '{ type: external, internal: 127.0.0.1:6443 }',
    'cluster/endpoint-loopback',
  ],
  [
    'a loopback endpoint elsewhere',
    '{ type: loopback, internal: 10.0.0.5:7443, external: a.example.org:6443 }',
    'cluster/endpoint-loopback',
  ],
  [
    'a loopback endpoint that operators cannot reach',
    '{ type: loopback, internal: 127.0.0.1:7443 }',
    'cluster/endpoint-loopback',
  ],
  [
    'holders that are not there',
    '{ type: keepalived, internal: 10.0.0.5:6443, holders: load-balancer }',
    'cluster/virtual-ip',
  ],
  [
    'a router ID without a virtual IP',
    '{ type: external, internal: 10.0.0.5:6443, virtualRouterId: 9 }',
    'cluster/virtual-ip',
  ],
  [
    'two VIPs of one family',
    '{ type: keepalived, internal: 10.0.0.5:8443, virtualIps: [10.0.0.5, 10.0.0.6] }',
    'cluster/virtual-ip',
  ],
])('refuses %s', (_, endpoint, code) => {
  const found = diagnosticsOf(endpoint).filter((text) => !text.startsWith('cluster/combination'));
  expect(found.map((text) => text.split(':')[0])).toContain(code);
});

test('refuses one address for the API and for published services', () => {
  const more = `${BALANCER}publishedServices: { virtualIps: 10.0.0.5 }\n`;
  expect(diagnosticsOf('{ type: keepalived, internal: 10.0.0.5:8443 }', more)).toEqual(
    expect.arrayContaining([
      'cluster/virtual-ip: the API and published services share the virtual IP 10.0.0.5',
      'cluster/virtual-ip: the API and published services share the virtual router ID 5',
    ]),
  );
});

test('refuses a balancer without anything to balance', () => {
  expect(diagnosticsOf('{ type: external, internal: 10.0.0.5:6443 }', BALANCER)).toEqual([
    'cluster/role-conflict: lb0 balances nothing: neither endpoint.holders nor publishedServices asks for it',
  ]);
});

test.each([
  ['haproxy in front of somebody else’s balancer', '{ type: external, internal: 10.0.0.5:6443, balancer: haproxy }'],
  [
    'a loopback without haproxy',
    '{ type: loopback, internal: 127.0.0.1:6443, external: a.example.org:6443, balancer: none }',
  ],
  [
    'kube-vip on nodes that run no API server',
    '{ type: kube-vip, internal: 10.0.0.5:6443, holders: load-balancer, balancer: haproxy }',
  ],
  [
    'holders that run no API server, without haproxy',
    '{ type: keepalived, internal: 10.0.0.5:6443, holders: load-balancer, balancer: none }',
  ],
])('refuses %s', (_, endpoint) => {
  expect(diagnosticsOf(endpoint, BALANCER).map((text) => text.split(':')[0])).toContain('cluster/combination');
});
