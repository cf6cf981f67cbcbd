import { describe, expect, test } from 'vitest';
import { poll, snapshot } from '../index.ts';
import { answer, refusal, scripted, type Scripted } from './scripted.ts';

const path = ({ requests }: Scripted): string => {
  const { method, url, body } = requests.at(-1)!;
  return `${method} ${url.replace(/^http:\/\/cloud(:\d+)?/, '')} ${body ?? ''}`.trim();
};

describe('calls that are not like the others', () => {
  test('a server is made with hints beside it, and comes as its id alone', async () => {
    const played = scripted([answer(202, { server: { id: 's1' } })]);
    const server = { name: 'm', flavorRef: 'f', networks: 'none' } as const;
    expect(await played.cloud.compute.servers.create(server, { hints: { group: 'g' } })).toEqual({ id: 's1' });
    expect(path(played)).toBe(
      'POST /compute/v2.1/servers {"server":{"name":"m","flavorRef":"f","networks":"none"},"OS-SCH-HNT:scheduler_hints":{"group":"g"}}',
    );
  });

  test('a server whose answer was lost is looked for', async () => {
    const played = scripted([answer(503), answer(200, { servers: [{ id: 's7' }] })]);
    const { servers } = played.cloud.compute;
    const existing = async () => (await servers.list({ tags: 't' }))[0];
    expect(await servers.create({ name: 'm', flavorRef: 'f', networks: 'none' }, { existing })).toMatchObject({
      id: 's7',
    });
  });

  test('the console of a server, and of one that is gone', async () => {
    const played = scripted([answer(200, { output: 'x' }), answer(404, {})]);
    expect(await played.cloud.compute.servers.consoleOutput('s1', 9)).toBe('x');
    expect(path(played)).toBe('POST /compute/v2.1/servers/s1/action {"os-getConsoleOutput":{"length":9}}');
    expect(await played.cloud.compute.servers.consoleOutput('s1')).toBeUndefined();
  });

  test('key pairs are wrapped twice in lists', async () => {
    const { cloud } = scripted([answer(200, { keypairs: [{ keypair: { name: 'k' } }] })]);
    expect(await cloud.compute.keyPairs.list()).toEqual([{ name: 'k' }]);
  });

  test('a load balancer goes with what is below it', async () => {
    const played = scripted([answer(204), answer(404, {})]);
    expect(await played.cloud.loadBalancer.loadBalancers.delete('b', { cascade: true })).toBe(true);
    expect(path(played)).toBe('DELETE /load-balancer/v2.0/lbaas/loadbalancers/b?cascade=true');
    expect(await played.cloud.loadBalancer.loadBalancers.delete('b')).toBe(false);
    expect(path(played)).toBe('DELETE /load-balancer/v2.0/lbaas/loadbalancers/b');
  });

  test('members are a pool’s', async () => {
    const played = scripted([answer(200, { members: [] })]);
    await played.cloud.loadBalancer.members('p/1').list();
    expect(path(played)).toBe('GET /load-balancer/v2.0/lbaas/pools/p%2F1/members');
  });

  test('an interface of a router is not asked for twice, for the second is refused', async () => {
    const played = scripted([answer(503)]);
    const added = played.cloud.network.routers.addInterface('r', { subnet_id: 's' });
    expect(await refusal(added)).toMatchObject({ mayHaveHappened: true, attempts: 1 });
  });

  test('tags take the place of those that are there', async () => {
    const played = scripted([answer(200, { tags: ['a'] })]);
    await played.cloud.network.setTags('floatingips', 'f', ['a']);
    expect(path(played)).toBe('PUT /v2.0/floatingips/f/tags {"tags":["a"]}');
  });

  test('quotas and limits are those of the token’s project', async () => {
    const played = scripted([
      answer(200, { quota: { port: { limit: 5, used: 1, reserved: 0 } } }),
      answer(200, { quota: { load_balancer: 1 } }),
      answer(200, { limits: { absolute: { maxTotalCores: 20 } } }),
      answer(200, { limits: { absolute: { maxTotalVolumes: 10 } } }),
    ]);
    const { network, loadBalancer, compute, blockStorage } = played.cloud;
    expect((await network.quotas())['port']).toEqual({ limit: 5, used: 1, reserved: 0 });
    expect(path(played)).toBe('GET /v2.0/quotas/p1/details.json');
    expect(await loadBalancer.quotas()).toEqual({ load_balancer: 1 });
    expect(path(played)).toBe('GET /load-balancer/v2.0/lbaas/quotas/p1');
    expect(await compute.limits()).toEqual({ maxTotalCores: 20 });
    expect(await blockStorage.limits()).toEqual({ maxTotalVolumes: 10 });
  });

  test('what the session says of its cloud', async () => {
    const { cloud } = scripted([]);
    expect(await cloud.session.has('load-balancer')).toBe(true);
    expect(await cloud.session.microversion('compute')).toBe('2.90');
    expect(await cloud.session.microversion('network')).toBeUndefined();
    expect(await cloud.identity.token()).toMatchObject({ user: { id: 'u1' }, roles: ['member'] });
  });
});

describe('many at once', () => {
  test('security group rules are made by one call, which is made again when none of them is there', async () => {
    const made = { security_group_rules: [{ id: 'r1' }, { id: 'r2' }] };
    const played = scripted([answer(503), answer(201, made)]);
    const { securityGroupRules } = played.cloud.network;
    const bodies = [80, 443].map(
      (port) => ({ security_group_id: 'g', direction: 'ingress', port_range_min: port }) as const,
    );
    const options = { existing: () => Promise.resolve(undefined) };
    expect(await securityGroupRules.createMany(bodies, options)).toEqual(made.security_group_rules);
    expect(played.requests).toHaveLength(2);
    expect(path(played)).toBe(`POST /v2.0/security-group-rules ${JSON.stringify({ security_group_rules: bodies })}`);
  });

  test('what a lost answer told is found, and an answer without a list is none', async () => {
    const earlier = [{ id: 'r1' }] as never;
    const { cloud } = scripted([answer(503), answer(201, {})]);
    const { createMany } = cloud.network.securityGroupRules;
    expect(await createMany([], { existing: () => Promise.resolve(earlier) })).toEqual(earlier);
    expect(await refusal(createMany([]))).toMatchObject({ kind: 'content', mayHaveHappened: true });
  });

  test('names of servers come without all else that is known of them', async () => {
    const played = scripted([answer(200, { servers: [{ id: 's1', name: 'm' }] })]);
    expect(await played.cloud.compute.servers.names({ status: 'BUILD' })).toEqual([{ id: 's1', name: 'm' }]);
    expect(path(played)).toBe('GET /compute/v2.1/servers?status=BUILD');
  });

  test('of a snapshot everything is asked once, and a change every time', async () => {
    const played = scripted([
      answer(200, { networks: [{ id: 'n1' }] }),
      answer(200, { networks: [] }),
      answer(201, { network: { id: 'n2' } }),
      answer(201, { network: { id: 'n3' } }),
      answer(200, { networks: [{ id: 'n1' }, { id: 'n2' }, { id: 'n3' }] }),
    ]);
    const { networks } = snapshot(played.cloud).network;
    expect(await Promise.all([networks.list(), networks.list(), networks.list({ name: 'x' })])).toEqual([
      [{ id: 'n1' }],
      [{ id: 'n1' }],
      [],
    ]);
    await networks.create({ name: 'a' });
    await networks.create({ name: 'a' });
    expect(await networks.list()).toEqual([{ id: 'n1' }]);
    expect(await played.cloud.network.networks.list()).toHaveLength(3);
    expect(played.requests).toHaveLength(5);
  });
});

describe('waiting', () => {
  test('looks again, after longer and longer pauses', async () => {
    const { clock, slept } = scripted([]);
    let looks = 0;
    const seen = await poll(
      () => Promise.resolve(++looks),
      (count) => count === 4,
      clock,
      { timeLimit: 60_000, longest: 600 },
    );
    expect([seen, slept]).toEqual([4, [500, 550, 600]]);
  });

  test('ends with nothing when the time is over', async () => {
    const { clock } = scripted([]);
    expect(
      await poll(
        () => Promise.resolve(0),
        () => false,
        clock,
        { timeLimit: 3000 },
      ),
    ).toBeUndefined();
  });

  test('is stopped', async () => {
    const { clock } = scripted([]);
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(
      poll(
        () => Promise.resolve(0),
        () => false,
        clock,
        { timeLimit: 3000, signal },
      ),
    ).rejects.toThrow('stopped');
  });
});

test('every exchange is told, and nothing of it that is secret', async () => {
  const events: unknown[] = [];
  const { cloud } = scripted([answer(200, { networks: [] }, { 'x-openstack-request-id': 'req-1' })], {
    globalRequestId: 'req-mine',
    onRequest: (event) => events.push(event),
  });
  await cloud.network.networks.list({ name: 'hush' });
  expect(events).toEqual([
    { service: 'identity', method: 'POST', path: '/auth/tokens', status: 201, milliseconds: 0, requestId: undefined },
    { service: 'network', method: 'GET', path: '/networks', status: 200, milliseconds: 0, requestId: 'req-1' },
  ]);
});
