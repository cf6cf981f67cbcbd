/** `boot`, `status`, `verify` and `destroy` as an ordinary user of a project runs them, on the real OpenStack of scripts/openstack-lab. */
import { systemClock } from 'openstack-client-lite';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PUBLIC_KEY } from '../support/openstack/contract/compute.ts';
import { inventory } from '../support/openstack/inventory.ts';
import {
  claimVolume,
  serviceAddress,
  serviceBalancer,
  serviceGroup,
  serviceListener,
  type MakeFor,
} from '../support/openstack/kubernetes.ts';
import { LAB, lab } from '../support/openstack/lab.ts';
import { as } from '../support/openstack/lab-user.ts';
import { run } from '../support/programs.ts';
import { SSH_KEY, workplace, type Ran, type Workplace } from '../support/triskel.ts';

vi.setConfig({ testTimeout: 900_000 });

function blueprint(cloud: string, endpoint: string, more = ''): string {
  return `apiVersion: triskel/v1
name: booted
endpoint: ${endpoint}
network: { nodes: 10.180.0.0/24, pods: 10.180.128.0/17, services: 10.180.1.0/24 }
os: { name: flatcar }
access: { users: [{ name: core, sshKeys: [${SSH_KEY}] }] }
nodes:
  - { name: master0, roles: [control-plane], address: 10.180.0.10, zone: az1 }
  - { name: master1, roles: [control-plane], address: 10.180.0.11, zone: az2 }
  - { name: master2, roles: [control-plane], address: 10.180.0.12, zone: az3 }
cloud:
  openstack:
    cloud: ${cloud}
    authUrl: http://127.0.0.1:5000/v3
    region: RegionOne
    image: tiny
    flavor: m1.small
    externalNetwork: public
    etcdVolume: { size: 1 GiB }
${more}`;
}

const FILE = 'blueprints/booted.yaml';
const BALANCER = (external: string): string =>
  `{ type: openstack-load-balancer, internal: 10.180.0.7:443, external: ${external}:443 }`;

function triskel(place: Workplace, ...args: string[]): Ran {
  return place.runWith({ OS_CLIENT_CONFIG_FILE: lab.cloudsFile }, ...args);
}

/** A user's folder with the blueprint. What a test leaves that fails is taken away, or it would fail those after it. */
function placeOf(text: string): Workplace {
  const place = workplace({ 'booted.yaml': text });
  onTestFinished(({ task }) => {
    const all = ['--volumes', '--with-cluster-resources'];
    if (task.result?.state === 'fail') triskel(place, 'destroy', '--yes', 'booted', ...all, FILE);
  });
  return place;
}

/** What `verify` asks at the endpoint of a cluster of static pods. */
const AT_ENDPOINT = [
  'the API is ready',
  'its certificate is the cluster’s',
  'a stranger may not read it',
  'etcd answers behind it',
  'every API server serves',
  'every node is ready',
  'every node runs the blueprint’s version',
  'a controller-manager leads',
  'a scheduler leads',
  'the control plane’s static pods run',
  'the add-ons are applied',
  'the add-ons’ pods are ready',
];

/** Nothing is behind any address of this cloud, and the network in which `verify` runs leads nowhere: each check fails, by name. */
function expectNothingAnswers(place: Workplace, options: readonly string[], names: readonly string[]): void {
  const program = ['--net', process.execPath, 'dist/main.js', 'verify', '--json', ...options, place.path(FILE)];
  const { code, output } = run('unshare', program, { env: { TRISKEL_IDENTITY: place.path('identity.txt') } });
  const { checks } = JSON.parse(output) as { checks: { name: string; state: string; found: string }[] };
  const failed = checks.filter(({ state }) => state === 'failed');
  expect(failed.map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const { found } of failed) expect(found).toMatch(/ENETUNREACH/);
  expect(checks.filter(({ state }) => state === 'ok')).toEqual([]);
  expect(code).toBe(69);
}

/** Waits for what the cloud does after it has answered. */
async function eventually(done: () => Promise<boolean>): Promise<void> {
  for (const end = systemClock.now() + 120_000; !(await done());) {
    if (systemClock.now() > end) throw new Error('it did not come to pass within two minutes');
    await systemClock.sleep(500);
  }
}

describe.skipIf(LAB === undefined)('a boot on OpenStack (TRISKEL_OPENSTACK)', () => {
  test('the whole cycle, by password: plan, boot, again, status, change, replace, destroy', async () => {
    const cloud = as('demo');
    const others = as('other');
    const mine = await others.network.networks.create({ name: 'of somebody else' });
    const external = (await cloud.network.networks.list({ name: 'public' }))[0];
    const reserved = await cloud.network.floatingIps.create({ floating_network_id: external?.id ?? '' });
    const [before, theirs] = [await inventory(cloud), await inventory(others)];
    const endpoint = BALANCER(reserved.floating_ip_address);
    const place = placeOf(blueprint('demo', endpoint));

    // A tree that is not what the blueprint generates is refused before the cloud is asked for anything.
    expect(triskel(place, 'boot', FILE).err).toContain('[output/stale]');
    triskel(place, 'generate', FILE);
    const planned = triskel(place, 'boot', '--plan', FILE);
    expect(planned).toMatchObject({ code: 0, err: '' });
    expect(planned.out).toContain('30 create');
    expect(await inventory(cloud)).toEqual(before);

    const booted = triskel(place, 'boot', FILE);
    expect(booted.err).toBe('');
    expect(booted.code).toBe(0);
    expect(booted.out).toContain('30 steps of 30 done');
    expect(triskel(place, 'boot', FILE)).toMatchObject({
      code: 0,
      out: 'booted: nothing to do; 30 resources as they are to be\n',
    });

    // What the page's own commands make: TCP 443, ROUND_ROBIN, members on 6443, and a monitor with 5, 2 and 3.
    const { loadBalancer, compute, network } = cloud;
    const [balancer] = await loadBalancer.loadBalancers.list();
    const [listener] = await loadBalancer.listeners.list();
    const [pool] = await loadBalancer.pools.list();
    const [monitor] = await loadBalancer.healthMonitors.list();
    const members = await loadBalancer.members(pool?.id ?? '').list();
    expect(balancer).toMatchObject({ vip_address: '10.180.0.7', provisioning_status: 'ACTIVE' });
    expect(listener).toMatchObject({ protocol: 'TCP', protocol_port: 443, timeout_client_data: 14_400_000 });
    expect(pool).toMatchObject({ protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' });
    expect(monitor).toMatchObject({ delay: 5, max_retries: 2, timeout: 3, url_path: '/readyz' });
    expect(members.map(({ address, protocol_port }) => `${address}:${String(protocol_port)}`).sort()).toEqual([
      '10.180.0.10:6443',
      '10.180.0.11:6443',
      '10.180.0.12:6443',
    ]);
    const led = (await network.floatingIps.list()).find(({ id }) => id === reserved.id);
    expect(led?.port_id).toBe(balancer?.vip_port_id);
    const servers = await compute.servers.list();
    expect(new Set(servers.map(({ hostId }) => hostId)).size).toBe(3);
    expect(servers.every((server) => server['os-extended-volumes:volumes_attached'].length === 1)).toBe(true);

    const status = triskel(place, 'status', FILE);
    expect(status.out).toMatch(/master0 +10\.180\.0\.10 +az1 +ACTIVE/);
    expect(status.code).toBe(0);
    expectNothingAnswers(place, [], AT_ENDPOINT);
    const each = ['master0', 'master1', 'master2'].map((name) => `the API server of ${name} is ready`);
    expectNothingAnswers(place, ['--nodes'], [...AT_ENDPOINT, ...each]);

    place.write(FILE, blueprint('demo', endpoint, '    loadBalancer: { monitor: { delay: 10 } }\n'));
    triskel(place, 'generate', FILE);
    expect(triskel(place, 'boot', FILE).out).toContain('~ update  health-monitor/api');
    place.write(FILE, blueprint('demo', endpoint, 'audit: { maxAge: 7 }\n'));
    triskel(place, 'generate', FILE);
    const held = triskel(place, 'boot', FILE);
    expect(held.err).toContain('server/master0 would have to be replaced: user data is');
    const [, one] = [servers.map(({ id }) => id).sort(), triskel(place, 'boot', '--replace', 'master1', FILE)];
    expect(one.out).toContain('± replace server/master1');
    const ids = (await compute.servers.list()).map(({ id }) => id);
    expect(servers.filter(({ id, name }) => !ids.includes(id) && name !== 'master1')).toEqual([]);

    expect(triskel(place, 'destroy', FILE).err).toContain('[cloud/unsure]');
    const destroyed = triskel(place, 'destroy', '--yes', 'booted', '--volumes', FILE);
    expect(destroyed.err).toBe('');
    expect(await inventory(cloud)).toEqual(before);
    expect(await inventory(others)).toEqual(theirs);
    await cloud.network.floatingIps.delete(reserved.id);
    await others.network.networks.delete(mine.id);
  });

  test('by application credential, which may make no other: the virtual IP of keepalived, with allowed address pairs', async () => {
    const cloud = as('demo');
    const before = await inventory(cloud);
    const place = placeOf(blueprint('demo-appcred', '{ type: keepalived, internal: 10.180.0.5:8443 }'));
    triskel(place, 'generate', FILE);
    const refused = triskel(place, 'boot', FILE);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('your own authentication may not make an application credential');
    for (const part of ['credential-id', 'credential-secret'])
      place.runWithInput('entered', 'secrets', 'set', FILE, `openstack/${part}`);
    expect(triskel(place, 'boot', FILE)).toMatchObject({ code: 0, err: '' });
    const ports = await cloud.network.ports.list();
    const pairs = ports.flatMap((port) => port.allowed_address_pairs.map(({ ip_address }) => ip_address));
    expect(pairs).toEqual(['10.180.0.5', '10.180.0.5', '10.180.0.5']);
    expect(ports.some(({ fixed_ips }) => fixed_ips[0]?.ip_address === '10.180.0.5')).toBe(true);

    // The nodes are asked one by one, for operators use the virtual IP as the nodes do.
    expectNothingAnswers(
      place,
      [],
      [
        ...AT_ENDPOINT,
        ...['master0', 'master1', 'master2'].flatMap((name) => [
          `the API server of ${name} is ready`,
          `haproxy of ${name} leads to the API`,
        ]),
      ],
    );

    expect(triskel(place, 'destroy', '--yes', 'booted', '--volumes', FILE).err).toBe('');
    expect(await inventory(cloud)).toEqual(before);
  });

  test('takes away what Kubernetes made for the cluster when it is told to, and nothing of others', async () => {
    const cloud = as('demo');
    const { network, loadBalancer, compute } = cloud;
    const clock = systemClock;
    // Of another cluster in the same project: its load balancer, which a Service of ours uses, too, and a volume.
    const elsewhere = await network.networks.create({ name: 'of another cluster' });
    const far = await network.subnets.create({ network_id: elsewhere.id, ip_version: 4, cidr: '10.77.0.0/24' });
    const theirs: MakeFor = { cloud, clock, cluster: 'booted2', subnet: far.id };
    const tags = ['kube_service_booted2_default_web', 'kube_service_booted_default_shop'];
    const shared = await serviceBalancer(theirs, 'web', tags);
    const address = await serviceAddress(theirs, undefined);
    const volume = await claimVolume(theirs, 'theirs');
    const before = await inventory(cloud);

    const endpoint = '{ type: keepalived, internal: 10.180.0.5:8443, floatingIp: new }';
    const more = '    keyPairOf: core\nfirewall: { allow: [{ port: 9100, from: [192.0.2.0/24] }] }\n';
    // Nova reads the key, and the tests' own is none.
    const text = blueprint('demo', endpoint, more).replace(SSH_KEY, PUBLIC_KEY);
    const place = placeOf(text);
    triskel(place, 'generate', FILE);
    const unknown = triskel(place, 'kubeconfig', FILE);
    expect(unknown.err).toContain('floating-ip/vip-api is not there');
    const booted = triskel(place, 'boot', FILE);
    expect(booted).toMatchObject({ code: 0, err: '' });

    // The new floating IP: led to the virtual IP's port, told, and known to whoever wants to reach the API.
    const [made] = await network.floatingIps.list({ description: 'triskel/1 booted floating-ip/vip-api' });
    const floating = String(made?.floating_ip_address);
    expect(made?.fixed_ip_address).toBe('10.180.0.5');
    expect(booted.out).toContain(`floating-ip/vip-api is ${floating}\n`);
    expect(triskel(place, 'status', FILE).out).toMatch(new RegExp(`floating-ip/vip-api +${floating} +made`));
    const { out: kubeconfig } = triskel(place, 'kubeconfig', FILE);
    expect(kubeconfig).toContain(`server: https://${floating}:8443`);
    expect(kubeconfig).toContain('tls-server-name: 10.180.0.5');

    const [named] = await compute.servers.list();
    expect(named?.key_name).toBe('triskel_booted_nodes');
    const rules = await network.securityGroupRules.list();
    expect(
      rules.filter((rule) => rule.port_range_min === 9100 && rule.remote_ip_prefix === '192.0.2.0/24'),
    ).toHaveLength(1);

    const [subnet] = (await network.subnets.list()).filter(({ name }) => name === 'booted-ipv4');
    const ours: MakeFor = { cloud, clock, cluster: 'booted', subnet: subnet?.id ?? '' };
    const own = await serviceBalancer(ours);
    await serviceAddress(ours, own.port);
    const nodePorts = (await network.ports.list()).filter(({ name }) => name.startsWith('booted-master'));
    await serviceGroup(
      ours,
      nodePorts.map(({ id }) => id),
    );
    await serviceListener(ours, shared.id, 'shop', 8080);
    await claimVolume(ours, 'data');
    const attached = await claimVolume(ours, 'attached', 'kubernetes');
    const [server] = await compute.servers.list();
    await compute.servers.attachVolume(server?.id ?? '', { volumeId: attached });
    await eventually(async () => (await cloud.blockStorage.volumes.get(attached))?.status === 'in-use');
    const [router] = (await network.routers.list()).filter(({ name }) => name === 'booted');
    const routes = [{ destination: '10.180.128.0/24', nexthop: '10.180.0.10' }];
    await network.routers.update(router?.id ?? '', { routes });

    expect(triskel(place, 'boot', FILE).out).toMatch(/^booted: nothing to do;/);
    expect(triskel(place, 'status', FILE).out).toContain('load-balancer/kube_service_booted_default_web');
    const refused = triskel(place, 'destroy', '--yes', 'booted', '--volumes', FILE);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('[cloud/blocked]');
    expect(refused.err).toContain('load-balancer/kube_service_booted_default_web, which Kubernetes made, needs it');
    expect(refused.out).toMatch(/= keep +volume\/pvc-data/);
    expect((await compute.servers.list()).length).toBe(3);

    const destroyed = triskel(place, 'destroy', '--yes', 'booted', '--volumes', '--with-cluster-resources', FILE);
    expect(destroyed).toMatchObject({ code: 0, err: '' });
    expect(await inventory(cloud)).toEqual(before);
    expect((await loadBalancer.loadBalancers.get(shared.id))?.tags).toEqual(['kube_service_booted2_default_web']);

    await loadBalancer.loadBalancers.delete(shared.id, { cascade: true });
    await network.floatingIps.delete(address);
    await cloud.blockStorage.volumes.delete(volume);
    await eventually(() => network.networks.delete(elsewhere.id).catch(() => false));
  });

  test('says all that is wrong at once, and makes nothing', async () => {
    const cloud = as('demo');
    const before = await inventory(cloud);
    const text = blueprint('demo', BALANCER('203.0.113.99'))
      .replace('image: tiny', 'image: tinny')
      .replace('flavor: m1.small', 'flavor: m1.smal')
      .replace('zone: az3', 'zone: az9');
    const place = placeOf(text);
    triskel(place, 'generate', FILE);
    const { code, err } = triskel(place, 'boot', FILE);
    expect(code).toBe(1);
    for (const told of [
      'the cloud has no image "tinny". Did you mean "tiny"?',
      'the cloud has no flavor "m1.smal". Did you mean "m1.small"?',
      'the cloud has no availability zone "az9"; it has az1, az2, az3',
      'the project has no floating IP 203.0.113.99',
    ])
      expect(err).toContain(told);
    expect(await inventory(cloud)).toEqual(before);
  });

  test('ends with 69 where no cloud answers, and says where it asked', () => {
    const place = workplace({ 'booted.yaml': blueprint('nowhere', BALANCER('203.0.113.99')) });
    place.write(
      'clouds.yaml',
      'clouds: { nowhere: { auth: { auth_url: "http://127.0.0.1:1", username: a, password: b, project_name: c, user_domain_id: default, project_domain_id: default } } }\n',
    );
    triskel(place, 'generate', FILE);
    const { code, err } = place.run('status', FILE);
    expect(code).toBe(69);
    expect(err).toContain('[cloud/call-failed]');
    expect(err).toContain('127.0.0.1:1');
    expect(err).not.toContain('password');
  });
});
