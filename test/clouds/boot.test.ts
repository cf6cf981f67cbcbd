/** Boots on the in-memory cloud, which is held to what the real services answer (test/openstack): whole, again, and changed. */
import type { SecurityGroupRuleCreate, Transport } from 'openstack-client-lite';
import { describe, expect, test } from 'vitest';
import { bundlesOf } from '../../generator/clouds/openstack/kinds/bundles.ts';
import { BootedCloud, clusterWith, expectConverged } from './booted.ts';

const cluster = clusterWith();

/** What is there when nothing went wrong. */
async function whole(): Promise<readonly string[]> {
  const place = new BootedCloud();
  await place.boot(cluster);
  return place.inventory();
}

describe('a boot', () => {
  test('makes everything, and the second does nothing', async () => {
    const place = new BootedCloud();
    const first = await place.boot(cluster);
    expect(first.errors).toEqual([]);
    expect(first.todo).toHaveLength(place.desired(cluster).length);
    expect(await place.boot(cluster)).toEqual({ todo: [], complete: true, errors: [] });
  });

  test('changes just what must', async () => {
    const place = new BootedCloud();
    await place.boot(cluster);
    const changed = clusterWith({ loadBalancer: { monitor: { delay: 10 }, idleTimeout: 7200 } });
    expect((await place.boot(changed)).todo).toEqual(['update listener/api', 'update health-monitor/api']);
    await expectConverged(place, changed);
  });

  test('replaces servers whose user data changed only when told to, one by one; ports and volumes stay', async () => {
    const place = new BootedCloud();
    await place.boot(cluster);
    const before = await place.observed(cluster);
    expect((await place.boot(cluster, { payload: 'b' })).todo).toEqual([]);
    const replaced = await place.boot(cluster, { payload: 'b', replace: ['master1'] });
    expect(replaced).toEqual({ todo: ['replace server/master1'], complete: true, errors: [] });
    const after = await place.observed(cluster);
    const changed = after.filter(({ id }) => !before.some((one) => one.id === id)).map(({ key }) => key);
    expect(changed).toEqual(['server/master1']);
  });

  test('takes what Kubernetes’ cloud controller writes for no drift', async () => {
    const place = new BootedCloud();
    await place.boot(cluster);
    const { network } = place.cloud();
    const [router] = await network.routers.list();
    const ports = await network.ports.list();
    const port = ports.find(({ name }) => name.endsWith('master0'));
    const route = { destination: '10.180.128.0/24', nexthop: '10.180.0.10' };
    await network.routers.update(router?.id ?? '', { routes: [route] });
    await network.ports.update(port?.id ?? '', { allowed_address_pairs: [{ ip_address: '10.180.128.0/24' }] });
    expect((await place.boot(cluster)).todo).toEqual([]);
    expect((await place.destroy(cluster)).errors).toEqual([]);
  });

  test('makes what somebody deleted, and nothing else', async () => {
    const place = new BootedCloud();
    await place.boot(cluster);
    const { compute } = place.cloud();
    const server = (await compute.servers.list()).find(({ name }) => name === 'master2');
    await compute.servers.delete(server?.id ?? '');
    await place.clock.sleep(60_000);
    expect((await place.boot(cluster)).todo).toEqual(['create server/master2']);
    await expectConverged(place, cluster);
  });

  test('says why a server failed, and replaces it when there is room', async () => {
    const place = new BootedCloud();
    const [first] = cluster.nodes;
    if (first === undefined) throw new Error('no node');
    const fourth = { ...first, name: 'master3', addresses: [{ ...first.addresses[0], text: '10.180.0.13' }] as const };
    const nodes = [...cluster.nodes, fourth].map((node) => ({ ...node, zone: undefined }));
    const crowded = clusterWith({ antiAffinity: 'hard' }, { nodes, controlPlaneNodes: nodes, etcdNodes: nodes });
    const ended = await place.boot(crowded);
    expect(ended.complete).toBe(false);
    expect(ended.errors.join('\n')).toMatch(/server\/master\d failed: .*[Nn]o valid host/);
  });

  test('makes a load balancer in one call with all below it, and only of Octavia’s own provider', () => {
    const place = new BootedCloud();
    const bundles = (openstack = {}) => bundlesOf(place.desired(clusterWith(openstack)));
    const keys = bundles().map((bundle) => bundle.map(({ key }) => key));
    expect(keys[0]).toEqual([
      'load-balancer/api',
      'listener/api',
      'pool/api',
      'health-monitor/api',
      'member/master0',
      'member/master1',
      'member/master2',
    ]);
    expect(keys[1]).toContain('security-group-rule/control-plane-tcp-6443-0.0.0.0_0-ipv4');
    expect(keys).toHaveLength(2);
    expect(bundles({ loadBalancer: { provider: 'ovn' } })).toHaveLength(1);
  });

  test('takes a load balancer that failed down as a whole, and makes it anew', async () => {
    const place = new BootedCloud();
    await place.boot(cluster);
    const { world } = place.memory;
    for (const kind of ['loadbalancer', 'listener', 'pool', 'member', 'healthmonitor'] as const)
      for (const row of world.all(kind)) row['provisioning_status'] = 'ERROR';
    const { todo, errors } = await place.boot(cluster);
    expect(errors).toEqual([]);
    expect(todo).toContain('replace load-balancer/api');
    expect(todo).toContain('create member/master2');
    await expectConverged(place, cluster);
    expect(place.inventory()).toEqual(await whole());
  });

  test('makes rules one by one where another boot has made one of them meanwhile', async () => {
    const place = new BootedCloud();
    let met = 0;
    const transport: Transport = async (request) => {
      const { security_group_rules: rules } = JSON.parse(request.body ?? '{}') as {
        security_group_rules?: SecurityGroupRuleCreate[];
      };
      if (rules?.[0] !== undefined && met++ === 0) await place.cloud().network.securityGroupRules.create(rules[0]);
      return place.memory.transport(request);
    };
    expect(await place.boot(cluster, { transport })).toMatchObject({ complete: true, errors: [] });
    expect(met).toBe(1);
    await expectConverged(place, cluster);
    expect(place.inventory()).toEqual(await whole());
  });

  test('goes on after a quota that was too small', async () => {
    const place = new BootedCloud();
    place.memory.world.quotas.network['port'] = 2;
    const ended = await place.boot(cluster);
    expect(ended.complete).toBe(false);
    expect(ended.errors.join('\n')).toContain('port/master');
    place.memory.world.quotas.network['port'] = 500;
    await expectConverged(place, cluster);
    expect(place.inventory()).toEqual(await whole());
  });

  test('gets a new token when its own ends in the middle', async () => {
    const place = new BootedCloud();
    let calls = 0;
    const transport: Transport = (request) => {
      calls++;
      if (calls % 20 === 0) place.memory.expireTokens();
      return place.memory.transport(request);
    };
    expect(await place.boot(cluster, { transport })).toMatchObject({ complete: true, errors: [] });
  });

  test('beside another one at the same time ends, with the next, in one of everything', async () => {
    const place = new BootedCloud();
    await Promise.all([place.boot(cluster), place.boot(cluster)]);
    await expectConverged(place, cluster);
    expect(place.inventory()).toEqual(await whole());
  });
});

describe('a destruction', () => {
  test('keeps volumes unless told, and touches nothing of others', async () => {
    const place = new BootedCloud();
    const { network } = place.cloud();
    const mine = await network.networks.create({ name: 'somebody’s', description: 'triskel/1 another network/nodes' });
    await place.boot(cluster);
    expect((await place.destroy(cluster, { volumes: false })).errors).toEqual([]);
    expect(place.count('volume')).toBe(3);
    await place.destroy(cluster);
    expect(place.count('volume')).toBe(0);
    expect(await network.networks.get(mine.id)).toBeDefined();
  });
});
