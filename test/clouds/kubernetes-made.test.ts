/** What Kubernetes made in the cloud for a cluster: recognised, told and left, or taken away when somebody says so. */
import type { Cloud } from 'openstack-client-lite';
import { beforeAll, describe, expect, test } from 'vitest';
import { atCall, FAULTS, faulty } from '../support/openstack/faults.ts';
import {
  claimVolume,
  serviceAddress,
  serviceBalancer,
  serviceGroup,
  serviceListener,
  settled,
  type MakeFor,
} from '../support/openstack/kubernetes.ts';
import { BootedCloud, clusterWith } from './booted.ts';

const cluster = clusterWith();
const NAME = cluster.name;
const OURS = { cluster: NAME };

async function nodePort({ network }: Cloud, name: string): Promise<string> {
  const found = (await network.ports.list()).find((port) => port.name === `${NAME}-${name}`);
  if (found === undefined) throw new Error(`no port of ${name}`);
  return found.id;
}

/** A subnet of somebody else's in the same project. */
async function otherSubnet({ network }: Cloud): Promise<string> {
  const { id } = await network.networks.create({ name: 'of somebody else' });
  return (await network.subnets.create({ network_id: id, ip_version: 4, cidr: '10.77.0.0/24' })).id;
}

/** Everything that Kubernetes makes for the cluster. */
async function makeAll(place: BootedCloud): Promise<MakeFor> {
  const cloud = place.cloud();
  const [subnet] = (await cloud.network.subnets.list()).filter(({ cidr }) => cidr === '10.180.0.0/24');
  const given = { cloud, clock: place.clock, ...OURS, subnet: subnet?.id ?? '' };
  const { port } = await serviceBalancer(given);
  await serviceAddress(given, port);
  await serviceGroup(given, [await nodePort(cloud, 'master0'), await nodePort(cloud, 'master1')]);
  await claimVolume(given, 'data');
  // A driver that nobody told the cluster's name: what is attached to a node is the cluster's all the same.
  const attached = await claimVolume(given, 'unnamed', 'kubernetes');
  const server = (await cloud.compute.servers.list()).find(({ name }) => name === 'master0');
  await cloud.compute.servers.attachVolume(server?.id ?? '', { volumeId: attached });
  await place.clock.sleep(5000);
  return given;
}

/** What looks alike and is not the cluster's. */
async function makeForeign(place: BootedCloud): Promise<void> {
  const cloud = place.cloud();
  const subnet = await otherSubnet(cloud);
  for (const name of [`${NAME}-2`, `${NAME}_x`, 'x']) {
    const given = { cloud, clock: place.clock, cluster: name, subnet };
    await serviceBalancer(given, `web${String(name.length)}`);
    await serviceAddress(given);
    await serviceGroup(given, []);
    await claimVolume(given, name);
  }
  await claimVolume({ cloud, clock: place.clock, cluster: 'x', subnet }, 'loose', 'kubernetes');
  await cloud.network.securityGroups.create({ name: 'lb-sg-of-mine', description: 'mine' });
}

let idle: readonly string[];
beforeAll(async () => {
  const place = new BootedCloud();
  await place.cloud().network.securityGroups.list();
  await makeForeign(place);
  idle = place.inventory();
});

async function booted(): Promise<BootedCloud> {
  const place = new BootedCloud();
  await makeForeign(place);
  await place.boot(cluster);
  await makeAll(place);
  return place;
}

describe('what Kubernetes made', () => {
  test('is no drift', async () => {
    const place = await booted();
    expect((await place.boot(cluster)).todo).toEqual([]);
    // And stays on a port of which something else is changed.
    const cloud = place.cloud();
    const id = await nodePort(cloud, 'master0');
    await cloud.network.ports.update(id, { allowed_address_pairs: [{ ip_address: '10.180.0.99' }] });
    expect((await place.boot(cluster)).todo).toEqual(['update port/master0']);
    expect((await cloud.network.ports.get(id))?.security_groups).toHaveLength(2);
  });

  test('stops a destruction before it begins, which says what needs what', async () => {
    const place = await booted();
    const before = place.inventory();
    const { complete, errors, todo } = await place.destroy(cluster);
    expect(complete).toBe(false);
    expect(errors).toEqual([
      `network/nodes cannot go: load-balancer/kube_service_${NAME}_default_web, which Kubernetes made, needs it`,
    ]);
    expect(todo.filter((line) => line.includes('kube_service') || line.includes('pvc'))).toEqual([]);
    expect(place.inventory()).toEqual(before);
  });

  test('goes when it is told to, and nothing that only looks like it', async () => {
    const place = await booted();
    const { errors, complete, todo } = await place.destroy(cluster, { clusterResources: true });
    expect({ errors, complete }).toEqual({ errors: [], complete: true });
    expect(todo).toEqual(
      expect.arrayContaining([
        `delete load-balancer/kube_service_${NAME}_default_web`,
        'delete volume/pvc-data',
        'delete volume/pvc-unnamed',
      ]),
    );
    expect(place.inventory()).toEqual(idle);
  });

  test('goes from ports of others, which keep their own security groups', async () => {
    const place = await booted();
    const { network } = place.cloud();
    const group = (await network.securityGroups.list()).find(({ description }) =>
      description.endsWith(`cluster ${NAME}`),
    );
    const { network_id } = (await network.subnets.get(await otherSubnet(place.cloud()))) ?? { network_id: '' };
    const port = await network.ports.create({ network_id, name: 'extra node' });
    const own = port.security_groups;
    await network.ports.update(port.id, { security_groups: [...own, group?.id ?? ''] });
    expect(await place.destroy(cluster, { clusterResources: true })).toMatchObject({ errors: [], complete: true });
    expect((await network.ports.get(port.id))?.security_groups).toEqual(own);
  });

  test('goes although the cluster’s own volumes stay, and when the cluster is gone already', async () => {
    const place = await booted();
    expect(await place.destroy(cluster, { clusterResources: true, volumes: false })).toMatchObject({ errors: [] });
    const left = place.inventory().filter((line) => !idle.includes(line));
    expect(left.map((line) => line.split(' ')[0])).toEqual(['volume', 'volume', 'volume']);
    expect(place.inventory()).toHaveLength(idle.length + 3);
    await claimVolume({ cloud: place.cloud(), clock: place.clock, subnet: '', ...OURS }, 'late');
    const { todo } = await place.destroy(cluster, { clusterResources: true });
    expect(todo.filter((line) => line.includes('pvc'))).toEqual(['delete volume/pvc-late']);
    expect(place.inventory()).toEqual(idle);
  });

  test('on a load balancer of somebody else: listeners, pools and tag go, the rest stays', async () => {
    const place = new BootedCloud();
    const cloud = place.cloud();
    await place.boot(cluster);
    const subnet = await otherSubnet(cloud);
    const theirs = { cloud, clock: place.clock, cluster: 'x', subnet };
    const tags = ['kube_service_x_default_web', `kube_service_${NAME}_default_shop`];
    const { id } = await serviceBalancer(theirs, 'web', tags);
    await serviceListener({ ...theirs, ...OURS }, id, 'shop', 8080);
    // One of the cluster's that another cluster uses, too, is not deleted under it.
    const both = await serviceBalancer({ ...theirs, ...OURS }, 'both', [
      `kube_service_${NAME}_default_both`,
      'kube_service_x_default_both',
    ]);
    expect(await place.destroy(cluster, { clusterResources: true })).toMatchObject({ errors: [], complete: true });
    const balancers = await cloud.loadBalancer.loadBalancers.list();
    expect(balancers.map((one) => [one.id, one.tags])).toEqual([
      [id, ['kube_service_x_default_web']],
      [both.id, ['kube_service_x_default_both']],
    ]);
    expect((await cloud.loadBalancer.listeners.list()).map(({ name }) => name)).toEqual([
      'listener_0_kube_service_x_default_web',
    ]);
    expect((await cloud.loadBalancer.pools.list()).map(({ name }) => name)).toEqual([
      'pool_0_kube_service_x_default_web',
    ]);
    await settled(theirs, id);
  });

  test('routes to pods on a router of somebody else go with it, and no others', async () => {
    const place = new BootedCloud();
    const cloud = place.cloud();
    const { network } = cloud;
    const nodes = await network.networks.create({ name: 'mine' });
    const subnet = await network.subnets.create({ network_id: nodes.id, ip_version: 4, cidr: '10.180.0.0/24' });
    const router = await network.routers.create({ name: 'gate' });
    await network.routers.addInterface(router.id, { subnet_id: subnet.id });
    const existing = clusterWith({ network: 'mine', subnets: [subnet.id], router: 'gate' });
    await place.boot(existing);
    const other = { destination: '10.99.0.0/24', nexthop: '10.180.0.10' };
    const ours = { destination: '10.180.128.0/24', nexthop: '10.180.0.10' };
    await network.routers.update(router.id, { routes: [other, ours] });
    // A copy of all this elsewhere, with the same addresses.
    const copy = await network.networks.create({ name: 'copy' });
    const same = await network.subnets.create({ network_id: copy.id, ip_version: 4, cidr: '10.180.0.0/24' });
    const theirs = await network.routers.create({ name: 'gate of the copy' });
    await network.routers.addInterface(theirs.id, { subnet_id: same.id });
    await network.routers.update(theirs.id, { routes: [ours] });
    expect((await place.destroy(existing)).errors).toEqual([]);
    expect((await network.routers.get(router.id))?.routes).toEqual([other, ours]);
    expect(await place.destroy(existing, { clusterResources: true })).toMatchObject({
      todo: ['delete pod-routes/gate'],
      errors: [],
    });
    expect((await network.routers.get(router.id))?.routes).toEqual([other]);
    expect((await network.routers.get(theirs.id))?.routes).toEqual([ours]);
  });

  test('goes whatever fails in between, when the destruction runs again', { timeout: 600_000 }, async () => {
    const all = process.env['TRISKEL_FAULTS'] === 'all';
    const measured = await booted();
    const counted = faulty(measured.memory.transport);
    await measured.destroy(cluster, { transport: counted.transport, clusterResources: true });
    for (let at = 1; at <= counted.calls(); at += all ? 1 : 7) {
      const place = await booted();
      const fault = FAULTS[at % FAULTS.length] ?? 'busy';
      const { transport } = faulty(place.memory.transport, atCall(at, fault));
      await place.destroy(cluster, { transport, clusterResources: true });
      expect((await place.destroy(cluster, { clusterResources: true })).errors).toEqual([]);
      expect(place.inventory(), `call ${String(at)}: ${String(fault)}`).toEqual(idle);
    }
  });
});

describe('a destruction', () => {
  test('says which port of somebody else’s needs a network or a security group of the cluster', async () => {
    const place = new BootedCloud();
    const cloud = place.cloud();
    await place.boot(cluster);
    const [nodes] = (await cloud.network.networks.list()).filter(({ name }) => name === NAME);
    await cloud.network.ports.create({ network_id: nodes?.id ?? '', name: 'guest' });
    const [group] = (await cloud.network.securityGroups.list()).filter(({ name }) => name.startsWith(NAME));
    const elsewhere = await otherSubnet(cloud);
    const { network_id } = (await cloud.network.subnets.get(elsewhere)) ?? { network_id: '' };
    await cloud.network.ports.create({ network_id, name: 'friend', security_groups: [group?.id ?? ''] });
    const { errors } = await place.destroy(cluster, { clusterResources: true });
    expect(errors).toEqual([
      'network/nodes cannot go: the port guest needs it',
      `security-group/${String(group?.name.slice(NAME.length + 1))} cannot go: the port friend needs it`,
    ]);
  });
});
