/** What `firewall` of a blueprint opens is open in the security groups, too. */
import { describe, expect, test } from 'vitest';
import type { OpenstackResource } from '../../generator/clouds/openstack/desired/shared.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { SSH_KEY } from '../support/triskel.ts';
import { BootedCloud } from './booted.ts';

const FILE = 'blueprints/opened.yaml';

async function groupsOf(more: string, ssh = '') {
  const text = `apiVersion: triskel/v1
name: opened
endpoint: { type: openstack-load-balancer, internal: 10.180.0.7:443 }
network: { nodes: 10.180.0.0/24, pods: 10.184.0.0/14, services: 10.96.0.0/16 }
os: { name: flatcar }
access: { users: [{ name: core, sshKeys: [${SSH_KEY}] }] }
nodes:
  - { name: master0, roles: [control-plane], address: 10.180.0.10 }
  - { name: master1, roles: [control-plane], address: 10.180.0.11 }
  - { name: master2, roles: [control-plane], address: 10.180.0.12 }
  - { name: worker0, roles: [worker], address: 10.180.0.20 }
cloud:
  openstack: { authUrl: 'https://keystone.example.org/v3', image: tiny, flavor: m1.tiny, externalNetwork: public${ssh} }
${more}
acknowledge: [{ code: review/etcd-on-root-disk, reason: nothing boots here }]
`;
  const files = blueprintFiles(new Map([[FILE, text]]));
  const { cluster, nodes, diagnostics } = await compile(FILE, files, noProgress);
  if (cluster === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  return { cluster, place: new BootedCloud(nodes.map(({ plan }) => plan)) };
}

/** `<protocol> <ports> from <whom>` of a group's rules for one port. */
function opened(desired: readonly OpenstackResource[], group: string, port: number): string[] {
  return desired.flatMap((one) => {
    if (one.kind !== 'security-group-rule' || one.spec.ports?.[0] !== port) return [];
    const { protocol, ports, remote_ip_prefix: prefix, remote_group: remote } = one.spec;
    const to = (one.spec.group as { readonly $of: string }).$of;
    const from = prefix ?? (remote as { readonly $of: string }).$of;
    return to === `security-group/${group}` ? [`${String(protocol)} ${ports.join('-')} from ${from}`] : [];
  });
}

describe('security groups', () => {
  test('open what firewall.allow opens, to whom it does, on nodes of every role', async () => {
    const allow = `firewall:
  allow:
    - { port: 9100, from: [pods, 10.1.0.0/16] }
    - { port: 9200-9210, protocol: udp, from: [nodes] }
    - { port: 9300 }`;
    const { cluster, place } = await groupsOf(allow);
    const desired = place.desired(cluster);
    for (const group of ['control-plane', 'worker']) {
      expect(opened(desired, group, 9100)).toEqual([
        'tcp 9100-9100 from 10.184.0.0/14',
        'tcp 9100-9100 from 10.1.0.0/16',
      ]);
      expect(opened(desired, group, 9300)).toEqual(['tcp 9300-9300 from 0.0.0.0/0']);
    }
    expect(opened(desired, 'worker', 9200).sort()).toEqual([
      'udp 9200-9210 from security-group/control-plane',
      'udp 9200-9210 from security-group/worker',
    ]);
    expect(await place.boot(cluster)).toMatchObject({ complete: true, errors: [] });
    expect((await place.boot(cluster)).todo).toEqual([]);
  });

  test('say a rule once that the nodes’ own ports and the blueprint both ask for', async () => {
    const { cluster, place } = await groupsOf('firewall: { allow: [{ port: 10250, from: [nodes] }, { port: 6443 }] }');
    const keys = place.desired(cluster).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await place.boot(cluster)).toMatchObject({ complete: true, errors: [] });
  });

  test.each([
    ['nobody without a word', '', '', []],
    ['those of firewall.ssh', 'firewall: { ssh: [192.0.2.0/24] }', '', ['tcp 22-22 from 192.0.2.0/24']],
    [
      'those of the cloud’s own setting before these',
      'firewall: { enabled: true, ssh: [192.0.2.0/24] }',
      ', ssh: { from: [198.51.100.0/24] }',
      ['tcp 22-22 from 198.51.100.0/24'],
    ],
    ['nobody where there is a host firewall without a word', 'firewall: { enabled: true }', '', []],
  ])('let log in: %s', async (_what, more, ssh, expected) => {
    const { cluster, place } = await groupsOf(more, ssh);
    expect(opened(place.desired(cluster), 'worker', 22)).toEqual(expected);
  });
});
