/** Floating IPs of a blueprint: new ones are made with a mark and given back, reserved ones only led. */
import { describe, expect, test } from 'vitest';
import { preflight } from '../../generator/clouds/openstack/preflight.ts';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { SSH_KEY } from '../support/triskel.ts';
import { BootedCloud } from './booted.ts';

const FILE = 'blueprints/floating.yaml';
const BALANCER = 'type: openstack-load-balancer, internal: 10.180.0.7:443';
const KEEPALIVED = 'type: keepalived, internal: 10.180.0.5:8443';

async function clusterOf(endpoint: string, nodeIp = '') {
  const text = `apiVersion: triskel/v1
name: floating
endpoint: { ${endpoint} }
network: { nodes: 10.180.0.0/24, pods: 10.184.0.0/14, services: 10.96.0.0/16 }
os: { name: flatcar }
access: { users: [{ name: core, sshKeys: [${SSH_KEY}] }] }
nodes:
  - { name: master0, roles: [control-plane], address: 10.180.0.10${nodeIp === '' ? '' : `, floatingIp: ${nodeIp}`} }
  - { name: master1, roles: [control-plane], address: 10.180.0.11 }
  - { name: master2, roles: [control-plane], address: 10.180.0.12 }
cloud:
  openstack: { authUrl: 'https://keystone.example.org/v3', image: tiny, flavor: m1.small, externalNetwork: public }
acknowledge: [{ code: review/etcd-on-root-disk, reason: nothing boots here }]
`;
  const files = blueprintFiles(new Map([[FILE, text]]));
  const { cluster, nodes, diagnostics } = await compile(FILE, files, noProgress);
  if (cluster === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  return { cluster, place: new BootedCloud(nodes.map(({ plan }) => plan)) };
}

interface Seen {
  readonly description: string;
  readonly leadsTo: string | null;
}

async function floatingIps(place: BootedCloud): Promise<Seen[]> {
  const all = await place.cloud().network.floatingIps.list();
  return all.map(({ description, fixed_ip_address: leadsTo }) => ({ description, leadsTo }));
}

async function reserve(place: BootedCloud): Promise<{ readonly id: string; readonly address: string }> {
  const { network } = place.cloud();
  const [outer] = await network.networks.list({ 'router:external': true });
  const made = await network.floatingIps.create({ floating_network_id: outer?.id ?? '', description: 'mine' });
  return { id: made.id, address: made.floating_ip_address };
}

describe('a new floating IP', () => {
  test.each([
    ['the load balancer', `${BALANCER}, floatingIp: new`, '', 'floating-ip/api', '10.180.0.7'],
    ['a virtual IP', `${KEEPALIVED}, floatingIp: new`, '', 'floating-ip/vip-api', '10.180.0.5'],
    ['a node', KEEPALIVED, 'new', 'floating-ip/master0', '10.180.0.10'],
  ])('before %s is made with its mark, once, and given back', async (_what, endpoint, nodeIp, key, leadsTo) => {
    const { cluster, place } = await clusterOf(endpoint, nodeIp);
    expect(await place.boot(cluster)).toMatchObject({ complete: true, errors: [] });
    expect(await floatingIps(place)).toEqual([{ description: `triskel/1 floating ${key}`, leadsTo }]);
    const [made] = (await place.observed(cluster)).filter((one) => one.key === key);
    expect(made?.facts['address']).toMatch(/^203\.0\.113\.\d+$/);
    expect((await place.boot(cluster)).todo).toEqual([]);
    expect(await place.destroy(cluster)).toMatchObject({ complete: true, errors: [] });
    expect(await floatingIps(place)).toEqual([]);
  });

  test('takes the place of a reserved one, which stays, and the other way round', async () => {
    const { cluster, place } = await clusterOf(`${BALANCER}, floatingIp: new`);
    const mine = await reserve(place);
    const { cluster: reserved } = await clusterOf(`${BALANCER}, floatingIp: ${mine.address}`);
    expect(reserved.endpoint.external).toEqual({ host: mine.address, port: 443 });
    await place.boot(reserved);
    expect(await floatingIps(place)).toEqual([{ description: 'mine', leadsTo: '10.180.0.7' }]);

    expect((await place.boot(cluster)).errors).toEqual([]);
    expect(await floatingIps(place)).toEqual([
      { description: 'mine', leadsTo: null },
      { description: 'triskel/1 floating floating-ip/api', leadsTo: '10.180.0.7' },
    ]);
    expect((await place.boot(cluster)).todo).toEqual([]);

    expect(await place.boot(reserved)).toMatchObject({ todo: ['replace floating-ip/api'], errors: [] });
    expect(await floatingIps(place)).toEqual([{ description: 'mine', leadsTo: '10.180.0.7' }]);
    await place.destroy(reserved);
    expect(await floatingIps(place)).toEqual([{ description: 'mine', leadsTo: null }]);
  });

  test('counts against the quota, and a reserved one does not', async () => {
    const { cluster, place } = await clusterOf(`${BALANCER}, floatingIp: new`);
    place.memory.world.quotas.network['floatingip'] = 1;
    const mine = await reserve(place);
    const found = async (wanted: typeof cluster): Promise<string[]> => {
      const { plan, facts } = await place.planned(wanted);
      return (await preflight(wanted, plan, facts, place.cloud())).map(({ message }) => message);
    };
    expect(await found(cluster)).toEqual(["1 floating IPs are needed, and the project's quota leaves 0"]);
    expect(await found((await clusterOf(`${BALANCER}, floatingIp: ${mine.address}`)).cluster)).toEqual([]);
  });
});
