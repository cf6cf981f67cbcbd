import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChanges, type ApplyEvent } from '../../generator/clouds/apply.ts';
import { effective, planChanges, type Policy } from '../../generator/clouds/change-plan.ts';
import { of, type Desired, type Facts, type Key, type Observed } from '../../generator/clouds/resource.ts';
import { MemoryCloud } from './memory.ts';

const NOTHING: Facts = new Map();

function desired(kind: string, name: string, spec: object = {}, after: Key[] = []): Desired {
  return { key: `${kind}/${name}`, kind, name, spec, after, node: undefined };
}

function actions(plan: ReturnType<typeof planChanges>): string[] {
  return plan.changes.map(({ action, key }) => `${action} ${key}`);
}

/** A network, a port in it, and a server on that port: `size` and `cidr` can be changed, `image` and what is referred to cannot. */
function cluster({ cidr = '10.0.0.0/24', image = 'a', size = 1 } = {}): Desired[] {
  return [
    desired('server', 's', { port: of('port/p'), image, size }),
    desired('port', 'p', { network: of('network/n') }),
    desired('network', 'n', { cidr }),
  ];
}

async function applied(
  cloud: MemoryCloud,
  wanted: readonly Desired[],
  policy: Partial<Policy> = {},
): Promise<string[]> {
  const plan = planChanges(wanted, cloud.observed(), NOTHING, { ...cloud.policy, ...policy });
  const events: ApplyEvent[] = [];
  const { complete } = await applyChanges(plan, {
    actor: cloud.actor,
    facts: NOTHING,
    concurrency: 4,
    onEvent: (event) => events.push(event),
  });
  const told = events.filter(({ state }) => state !== 'begun').map(({ does, key, state }) => `${does} ${key} ${state}`);
  return complete ? told : [...told, 'incomplete'];
}

describe('a change plan', () => {
  test('makes what is not there, each behind what it needs, and does nothing the second time', async () => {
    const cloud = new MemoryCloud();
    expect(await applied(cloud, cluster())).toEqual([
      'create network/n done',
      'create port/p done',
      'create server/s done',
    ]);
    const again = planChanges(cluster(), cloud.observed(), NOTHING, cloud.policy);
    expect(actions(again)).toEqual(['none network/n', 'none port/p', 'none server/s']);
    expect(effective(again)).toEqual([]);
  });

  test('changes just what must, and says why', async () => {
    const cloud = new MemoryCloud();
    await applied(cloud, cluster());
    const plan = planChanges(cluster({ size: 2 }), cloud.observed(), NOTHING, cloud.policy);
    expect(actions(plan)).toEqual(['none network/n', 'none port/p', 'update server/s']);
    expect(plan.changes[2]?.reason).toBe('size is 1, not 2');
    expect(await applied(cloud, cluster({ size: 2 }))).toEqual(['update server/s done']);
  });

  test('makes anew what refers to something that is made anew, and takes the old down first', async () => {
    const cloud = new MemoryCloud();
    await applied(cloud, cluster());
    expect(await applied(cloud, cluster({ cidr: '10.1.0.0/24' }))).toEqual([
      'delete server/s done',
      'delete port/p done',
      'delete network/n done',
      'create network/n done',
      'create port/p done',
      'create server/s done',
    ]);
    expect(await applied(cloud, cluster({ cidr: '10.1.0.0/24' }))).toEqual([]);
  });

  test('holds a replacement that nobody has asked for', async () => {
    const cloud = new MemoryCloud();
    await applied(cloud, cluster());
    const policy = { ...cloud.policy, mayReplace: ({ kind }: Desired) => kind !== 'server' };
    const plan = planChanges(cluster({ image: 'b' }), cloud.observed(), NOTHING, policy);
    expect(actions(plan)).toEqual(['none network/n', 'none port/p', 'hold server/s']);
    expect(effective(plan)).toEqual([]);
  });

  test('takes away what is not wanted any more and what is there twice, and keeps what holds data', async () => {
    const cloud = new MemoryCloud();
    await applied(cloud, [...cluster(), desired('volume', 'v')]);
    cloud.duplicate('port/p');
    const plan = planChanges(cluster(), cloud.observed(), NOTHING, cloud.policy);
    expect(actions(plan)).toEqual(['none network/n', 'none port/p', 'none server/s', 'keep volume/v', 'delete port/p']);
    expect(plan.changes[4]?.reason).toBe('there are two of it');
    await applied(cloud, cluster());
    expect(cloud.keys()).toEqual(['network/n', 'port/p', 'server/s', 'volume/v']);
  });

  test('replaces what failed', async () => {
    const cloud = new MemoryCloud();
    await applied(cloud, cluster());
    cloud.fail('server/s', 'No valid host was found');
    const plan = planChanges(cluster(), cloud.observed(), NOTHING, cloud.policy);
    expect(plan.changes[2]).toMatchObject({ action: 'replace', reason: 'it failed: No valid host was found' });
  });
});

describe('an application', () => {
  test('that fails at one resource leaves out just what needs it', async () => {
    const cloud = new MemoryCloud();
    cloud.refuse('create port/p');
    const told = await applied(cloud, [...cluster(), desired('volume', 'v')]);
    expect(told.sort()).toEqual([
      'create network/n done',
      'create port/p failed',
      'create server/s skipped',
      'create volume/v done',
      'incomplete',
    ]);
  });

  test('takes away what has another’s place before that one is made', async () => {
    const cloud = new MemoryCloud();
    await applied(cloud, [desired('port', 'old')]);
    expect(await applied(cloud, [desired('port', 'new'), desired('volume', 'v')])).toEqual([
      'delete port/old done',
      'create volume/v done',
      'create port/new done',
    ]);
  });

  describe('of what one call makes together', () => {
    const group = desired('network', 'g');
    const rules = ['a', 'b', 'c'].map((name) => desired('rule', name, { group: of('network/g') }));
    const behind = desired('server', 's', { rule: of('rule/c') });

    test('makes it once, behind all that any of it needs, and before what needs any of it', async () => {
      const cloud = new MemoryCloud();
      const [first, ...others] = rules;
      if (first === undefined) throw new Error('no rule');
      const late = desired('rule', 'd', { other: of('volume/v') });
      const wanted = [group, first, ...others, late, desired('volume', 'v'), behind];
      expect(await applied(cloud, wanted)).toEqual([
        'create network/g done',
        'create volume/v done',
        'create rule/a done',
        'create rule/b done',
        'create rule/c done',
        'create rule/d done',
        'create server/s done',
      ]);
      expect(effective(planChanges(wanted, cloud.observed(), NOTHING, cloud.policy))).toEqual([]);
    });

    test('fails as a whole, with one error, and the next one makes it', async () => {
      const cloud = new MemoryCloud();
      cloud.refuse('create rules');
      const wanted = [group, ...rules, behind];
      const plan = planChanges(wanted, cloud.observed(), NOTHING, cloud.policy);
      const ends: string[] = [];
      await applyChanges(plan, {
        actor: cloud.actor,
        facts: NOTHING,
        concurrency: 4,
        onEvent: ({ key, state, with: together, error }) => {
          if (state !== 'begun')
            ends.push(
              [
                key,
                state,
                ...(together === undefined ? [] : [together]),
                ...(error === undefined ? [] : ['an error']),
              ].join(' '),
            );
        },
      });
      expect(ends).toEqual([
        'network/g done',
        'rule/a failed an error',
        'rule/b failed rule/a',
        'rule/c failed rule/a',
        'server/s skipped',
      ]);
      expect(await applied(cloud, wanted)).toContain('create rule/b done');
    });

    test('makes alone what is the only one that is missing', async () => {
      const cloud = new MemoryCloud();
      await applied(cloud, [group, ...rules.slice(1)]);
      cloud.refuse('create rules');
      expect(await applied(cloud, [group, ...rules])).toEqual(['create rule/a done']);
    });
  });

  test('that is stopped ends what runs and begins nothing more', async () => {
    const cloud = new MemoryCloud();
    const stop = new AbortController();
    const plan = planChanges(cluster(), [], NOTHING, cloud.policy);
    const ends: string[] = [];
    await applyChanges(plan, {
      actor: cloud.actor,
      facts: NOTHING,
      concurrency: 1,
      signal: stop.signal,
      onEvent: ({ key, state }) => {
        if (key === 'network/n' && state === 'begun') stop.abort();
        if (state !== 'begun') ends.push(`${key} ${state}`);
      },
    });
    expect(ends).toEqual(['network/n done', 'port/p skipped', 'server/s skipped']);
  });

  test('converges from wherever an earlier one was cut off, without orphans or twins', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { maxLength: 8 }).map((edges) =>
      names.map((name, index) => {
        const needs = edges.filter(([from, to]) => from === index && to < index).map(([, to]) => to);
        return desired(
          'port',
          name,
          Object.fromEntries(needs.map((to) => [`need${String(to)}`, of(`port/${names[to] ?? ''}`)])),
        );
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        graph,
        fc.array(fc.constantFrom(...names), { maxLength: 3 }),
        fc.boolean(),
        async (wanted, failing, after) => {
          const cloud = new MemoryCloud();
          for (const name of failing) cloud.refuse(`create port/${name}`, after);
          for (let round = 0; round <= failing.length; round++) await applied(cloud, wanted);
          expect(cloud.keys()).toEqual(wanted.map(({ key }) => key).sort());
          expect(effective(planChanges(wanted, cloud.observed(), NOTHING, cloud.policy))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('what is there is compared with filled references', () => {
  const wanted = [desired('port', 'p', { network: of('given-network/x') })];
  const observed: Observed = {
    key: 'port/p',
    kind: 'port',
    id: '1',
    name: 'p',
    state: 'ready',
    detail: '',
    facts: { id: '1' },
    created: '',
    item: { network: 'n1' },
  };
  const cloud = new MemoryCloud();
  const planned = (id: string): string | undefined =>
    planChanges(wanted, [observed], new Map([['given-network/x', { id }]]), cloud.policy).changes[0]?.action;
  expect(planned('n1')).toBe('none');
  expect(planned('n2')).toBe('replace');
});
