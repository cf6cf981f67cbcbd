import { groupBy, sortedBy } from '../base/order.ts';
import { inOrder } from './graph.ts';
import { withFacts, type Desired, type Difference, type Facts, type Key, type Observed } from './resource.ts';

/** What is to be done with one resource, and why. */
export type Change = { readonly key: Key; readonly kind: string; readonly reason: string } & (
  | { readonly action: 'none' | 'await'; readonly desired: Desired; readonly observed: Observed }
  | { readonly action: 'create'; readonly desired: Desired }
  | {
      readonly action: 'update' | 'replace' | 'hold';
      readonly desired: Desired;
      readonly observed: Observed;
      readonly differences: readonly Difference[];
    }
  | { readonly action: 'delete' | 'keep'; readonly observed: Observed }
);

/** await: it is being made or changed by an earlier run. hold: it would have to be replaced, and nobody has said so. keep: it is no longer wanted, and it stays. */
export type Action = Change['action'];

/** How plans differ by kind of resource. */
export interface Policy {
  /** Where an observed resource is not what it is to be; the spec's references are filled. */
  readonly differences: (desired: Desired, observed: Observed) => readonly Difference[];
  /** Whether this resource may be replaced where a difference demands it. */
  readonly mayReplace: (desired: Desired) => boolean;
  /** What becomes of a resource that nobody wants any more, and why. */
  readonly unwanted: (observed: Observed) => { readonly action: 'delete' | 'keep'; readonly reason: string };
}

/** Everything that has to happen, in the order of creation; what goes comes last. */
export interface ChangePlan {
  readonly changes: readonly Change[];
}

/**
 * Desired × observed → what has to be done. Pure. `facts` are those of things that are not the cluster's own. A resource that
 * refers to one that is made anew differs from it, and follows.
 */
export function planChanges(
  desired: readonly Desired[],
  observed: readonly Observed[],
  facts: Facts,
  policy: Policy,
): ChangePlan {
  const known = new Map(facts);
  const found = groupBy(
    sortedBy(observed, ({ created, id }) => `${created} ${id}`),
    ({ key }) => key,
  );
  const changes = inOrder(desired).map((one): Change => {
    const change = changeOf(one, found.get(one.key)?.[0], known, policy);
    if (change.action !== 'create' && change.action !== 'replace' && 'observed' in change)
      known.set(one.key, change.observed.facts);
    return change;
  });
  const wanted = new Set(desired.map(({ key }) => key));
  const gone = [...found].flatMap(([key, all]) => {
    const surplus = wanted.has(key) ? all.slice(1) : all;
    return surplus.map((one): Change => {
      if (wanted.has(key)) return { ...base(one), action: 'delete', observed: one, reason: 'there are two of it' };
      return { ...base(one), observed: one, ...policy.unwanted(one) };
    });
  });
  return { changes: [...changes, ...gone] };
}

function changeOf(desired: Desired, observed: Observed | undefined, facts: Facts, policy: Policy): Change {
  if (observed === undefined) return { ...base(desired), action: 'create', desired, reason: 'it is not there' };
  const replaceable = policy.mayReplace(desired);
  if (observed.state === 'failed') {
    const reason = `it failed${observed.detail === '' ? '' : `: ${observed.detail}`}`;
    return { ...base(desired), action: 'replace', desired, observed, differences: [], reason };
  }
  const filled = { ...desired, spec: withFacts(desired.spec, facts) };
  const differences = policy.differences(filled, observed);
  if (differences.length === 0) {
    const { state, detail } = observed;
    return state === 'pending'
      ? { ...base(desired), action: 'await', desired, observed, reason: detail }
      : { ...base(desired), action: 'none', desired, observed, reason: 'as it is to be' };
  }
  const reason = differences.map(({ field, has, wants }) => `${field} is ${has}, not ${wants}`).join('; ');
  const replace = differences.some(({ fix }) => fix === 'replace');
  const action = !replace ? 'update' : replaceable ? 'replace' : 'hold';
  return { ...base(desired), action, desired, observed, differences, reason };
}

function base({ key, kind }: { readonly key: Key; readonly kind: string }): { key: Key; kind: string } {
  return { key, kind };
}

/** The changes that do something. */
export function effective({ changes }: ChangePlan): Change[] {
  return changes.filter(({ action }) => action !== 'none' && action !== 'keep' && action !== 'hold');
}
