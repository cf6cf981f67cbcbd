import { describe, expect, test } from 'vitest';
import { minorAfter, minorOf } from '../../generator/base/versions.ts';
import { layered, ownFacts } from '../../generator/cluster/facts.ts';
import type { VersionRules } from '../../generator/cluster/upgrades.ts';
import { newestPatch, supportedMinors, versionsFor } from '../../generator/cluster/versions.ts';
import { obstacle, refusal, routeTo, type Release } from '../../generator/upgrade/route.ts';
import { targetsFrom } from '../../generator/upgrade/targets.ts';

const rules: VersionRules = { facts: ownFacts, chosen: {} };
const minors = supportedMinors(ownFacts);
const newestKnown = (minor: string): string => newestPatch(ownFacts, minor);
const release = (kubernetes: string, etcd: string): Release => ({ kubernetes, etcd });
const newest = (minor: string): Release => {
  const versions = versionsFor(ownFacts, newestKnown(minor));
  if (typeof versions === 'string') throw new Error(versions);
  return release(versions.kubernetes, versions.etcd);
};

describe('one step', () => {
  test.each([
    ['1.35.6', '3.6.6', '1.36.3', '3.6.8', undefined],
    ['1.36.2', '3.6.8', '1.36.3', '3.6.8', undefined],
    ['1.36.3', '3.6.8', '1.36.3', '3.6.9', undefined],
    ['1.34.10', '3.5.26', '1.35.7', '3.6.6', undefined],
    ['1.34.10', '3.5.33', '1.35.7', '3.6.6', undefined],
    ['1.36.3', '3.6.8', '1.37.0', '3.7.0', undefined],
    ['1.34.10', '3.5.25', '1.35.7', '3.6.6', 'upgrade/etcd-waypoint'],
    ['1.34.10', '3.4.99', '1.35.7', '3.6.6', 'upgrade/etcd-waypoint'],
    ['1.36.3', '3.5.33', '1.37.0', '3.7.0', 'upgrade/etcd-waypoint'],
    ['1.34.10', '3.5.24', '1.36.3', '3.6.8', 'upgrade/skipped-minor'],
    ['1.9.0', '3.5.33', '1.11.0', '3.5.33', 'upgrade/skipped-minor'],
    ['1.36.3', '3.6.8', '2.0.0', '3.6.8', 'upgrade/skipped-minor'],
    ['1.36.3', '3.6.8', '1.36.2', '3.6.8', 'upgrade/downgrade'],
    ['1.36.3', '3.6.8', '1.35.7', '3.6.6', 'upgrade/downgrade'],
    ['1.10.0', '3.6.8', '1.9.9', '3.6.8', 'upgrade/downgrade'],
    ['2.0.0', '3.6.8', '1.36.3', '3.6.8', 'upgrade/downgrade'],
    ['1.34.9', '3.6.4', '1.34.10', '3.5.33', 'upgrade/etcd-downgrade'],
  ])('from %s (etcd %s) to %s (etcd %s): %s', (fromKubernetes, fromEtcd, toKubernetes, toEtcd, code) => {
    const [from, to] = [release(fromKubernetes, fromEtcd), release(toKubernetes, toEtcd)];
    expect(obstacle(ownFacts, from, to)?.code).toBe(code);
    expect(refusal(rules, from, to, 'x.yaml')?.code).toBe(code);
    if (code === undefined) expect(routeTo(rules, from, to)).toEqual([to]);
  });
});

describe('the route', () => {
  const [oldest = ''] = minors;
  const latest = minors.at(-1) ?? '';

  test('has no step with an obstacle, and ends where it should, from every release that is known', () => {
    for (const from of minors.map(newest)) {
      for (const to of minors.map(newest)) {
        const route = routeTo(rules, from, to);
        if (route === undefined) continue;
        expect(route.at(-1)).toEqual(to);
        for (const [index, step] of route.entries())
          expect(obstacle(ownFacts, route[index - 1] ?? from, step)).toBeUndefined();
      }
    }
  });

  test('takes the newest etcd of the minor version first where the members are too old', () => {
    const [from, to] = [release(newestKnown('1.34'), '3.5.24'), newest('1.35')];
    const route = routeTo(rules, from, to);
    // The same version of Kubernetes, with the etcd that the data pair with it today.
    expect(route?.map(({ kubernetes }) => kubernetes)).toEqual([newestKnown('1.34'), newestKnown('1.35')]);
    expect(refusal(rules, from, to, 'x.yaml')?.remedy).toBe(
      `Go ${newestKnown('1.34')} (etcd 3.5.24) → ${newestKnown('1.34')} (etcd ${newest('1.34').etcd}) → ${to.kubernetes} (etcd ${to.etcd}), ` +
        `with every node on one version before the next. Now: \`triskel upgrade --to ${newestKnown('1.34')} x.yaml\`.`,
    );
  });

  test('names the next minor version where minor versions are skipped', () => {
    const { message, remedy } = refusal(rules, newest(oldest), newest(latest), 'x.yaml') ?? {};
    const next = newestKnown(minorAfter(oldest, 1));
    expect(message).toContain(`skips ${minorOf(next)},`);
    expect(remedy).toMatch(new RegExp(`Now: \`triskel upgrade --to ${next} x.yaml\`.$`));
  });

  test.each([
    ['from an etcd two minor versions back', release('1.34.9', '3.3.0'), newest('1.35')],
    ['backwards', newest(latest), newest(oldest)],
  ])('there is none %s', (_what, from, to) => {
    expect(routeTo(rules, from, to)).toBeUndefined();
  });
});

describe('facts of a user’s own', () => {
  test('bring a minor version, and what its etcd asks of the one before', () => {
    const minors = { '1.37': { ...ownFacts.kubernetes.minors['1.36'], etcd: '3.7.0' } };
    const value = { kubernetes: { minors }, upgrades: { oldestEtcdBefore: { '3.7': '3.6.9' } } };
    const facts = layered([{ file: 'facts.yaml', value }]);
    const to = release('1.37.0', '3.7.0');
    expect(obstacle(facts, release('1.36.3', '3.6.9'), to)).toBeUndefined();
    expect(obstacle(facts, release('1.36.3', '3.6.8'), to)).toEqual({ code: 'upgrade/etcd-waypoint', oldest: '3.6.9' });
    expect(refusal({ facts, chosen: {} }, newest('1.35'), to, 'x.yaml')?.message).toContain('skips 1.36');
  });

  test('an etcd that the blueprint chooses stays on the way', () => {
    const chosen: VersionRules = { facts: ownFacts, chosen: { etcd: '3.5.33' } };
    const route = routeTo(chosen, release('1.33.12', '3.5.33'), release('1.35.7', '3.5.33'));
    expect(route?.map(({ etcd }) => etcd)).toEqual(['3.5.33', '3.5.33']);
  });
});

describe('where one can go', () => {
  test('every newer patch, every patch of the next minor version, and the newest of those behind it', () => {
    const targets = targetsFrom(rules, release('1.34.0', '3.5.33'));
    const direct = targets.filter(({ obstacle: found }) => found === undefined);
    expect(new Set(direct.map(({ kubernetes }) => minorOf(kubernetes)))).toEqual(new Set(['1.34', '1.35']));
    expect(direct.map(({ route }) => route)).toEqual(direct.map(({ kubernetes }) => [kubernetes]));
    const far = targets.filter(({ obstacle: found }) => found !== undefined);
    expect(far.map(({ kubernetes }) => kubernetes)).toEqual(minors.slice(3).map(newestKnown));
    expect(far[0]?.route).toEqual([newestKnown('1.35'), newestKnown('1.36')]);
  });

  test('nowhere from the newest', () => {
    const { kubernetes, etcd } = newest(minors.at(-1) ?? '');
    expect(targetsFrom(rules, release(kubernetes, etcd))).toEqual([]);
  });
});
