import { expect, test } from 'vitest';
import { corosync } from '../../generator/components/corosync/corosync.ts';
import { pacemaker } from '../../generator/components/pacemaker/pacemaker.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { clusterOf } from '../support/cluster.ts';

/** What both components plan for the first node of a cluster with so many control-plane nodes. */
function planned(nodes: number, more = '', components = 'pacemaker: { fencing: none }'): readonly PlanItem[] {
  const members = Array.from(
    { length: nodes },
    (_, index) => `  - { name: cp${String(index)}, roles: [control-plane], address: 10.0.0.${String(10 + index)} }`,
  );
  const cluster = clusterOf(`
apiVersion: triskel/v1
name: test
endpoint: { type: pacemaker, internal: 10.0.0.5:6443 }
network: { nodes: 10.0.0.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
${members.join('\n')}
  - { name: other, roles: [worker], address: 10.0.0.30 }
${more}
components: { ${components} }
`);
  const [first] = cluster.nodes;
  if (first === undefined) throw new Error('no node');
  return [corosync, pacemaker].flatMap(({ plan }) => plan?.(cluster, first) ?? []);
}

function file(items: readonly PlanItem[], path: string): string {
  const found = items.find((item) => item.kind === 'file' && item.path === path);
  return found?.kind === 'file' ? found.content : '';
}

const conf = (items: readonly PlanItem[]): string => file(items, '/etc/corosync/corosync.conf');
const cib = (items: readonly PlanItem[]): string => file(items, '/etc/triskel/pacemaker.xml');

const DEVICE = 'qdevice: { host: 10.0.0.60, ca: "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n" }';

test('two members count on each other’s silence once they have met, more of them never', () => {
  expect(conf(planned(2))).toMatch(/two_node: 1\n +wait_for_all: 1/);
  for (const many of [3, 4, 5]) expect(conf(planned(many))).not.toMatch(/two_node|wait_for_all/);
});

test('a tie-breaker makes three of two: it votes, and nothing runs there', () => {
  const items = planned(2, '', 'corosync: { tieBreakers: [other] }, pacemaker: { fencing: none }');
  expect(conf(items)).toContain('name: other\n    nodeid: 30');
  expect(conf(items)).not.toContain('two_node');
  for (const resource of ['ClusterIP', 'APIHealth-clone'])
    expect(cib(items)).toMatch(
      new RegExp(`rsc="${resource}" node="other" score="-INFINITY" resource-discovery="never"`),
    );
  expect(items).toContainEqual({ kind: 'port', protocol: 'udp', port: 5405, purpose: 'corosync', from: 'nodes' });
});

test('a quorum device excludes two_node, and counts by the number of members', () => {
  const components = `corosync: { ${DEVICE} }, pacemaker: { fencing: none }`;
  expect(conf(planned(2, '', components))).toMatch(
    /votes: 1\n +net {\n +host: 10.0.0.60\n +port: 5403\n +algorithm: ffsplit/,
  );
  expect(conf(planned(2, '', components))).not.toContain('two_node');
  // The daemon gives an lms device as many votes as it needs, and none may be written (corosync-qdevice(8)).
  expect(conf(planned(3, '', components))).toContain('algorithm: lms');
  expect(conf(planned(3, '', components))).not.toContain('votes:');
});

test('a secret of a fencing device is a hole in a file of root’s alone', () => {
  const device =
    '{ name: ipmi, agent: fence_ipmilan, nodes: [cp0], parameters: { ip: "a&b" }, secrets: [password, api_key] }';
  const items = planned(2, '', `pacemaker: { fencing: [${device}] }`);
  expect(cib(items)).toContain('name="password" value="${triskel:fencing/ipmi.password}"');
  expect(cib(items)).toContain('name="api_key" value="${triskel:fencing/ipmi.api-key}"');
  expect(cib(items)).toContain('name="ip" value="a&#38;b"');
  expect(cib(items)).toContain('name="stonith-enabled" value="true"');
  // Of two, the one that holds the virtual IP is to survive.
  expect(cib(items)).toContain('name="priority-fencing-delay" value="15s"');
  expect(items).toContainEqual({ kind: 'package', name: 'fence-agents' });
  expect(items).toContainEqual(expect.objectContaining({ path: '/etc/triskel/pacemaker.xml', mode: 0o600 }));
});

test('pcs’s web server cannot start', () => {
  expect(planned(3)).toContainEqual({ kind: 'unit', name: 'pcsd.service', enabled: false, masked: true });
});
