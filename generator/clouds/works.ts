import type { Actor, ApplyEvent } from './apply.ts';
import { effective, type Change, type ChangePlan } from './change-plan.ts';
import { needsOf } from './graph.ts';
import { withFacts, type Desired, type Key, type Observed } from './resource.ts';
import type { Step } from './steps.ts';

/** A step, and what it does to which resources: to one, or to all of a bundle. */
export interface Work {
  readonly does: ApplyEvent['does'];
  readonly keys: readonly Key[];
  readonly step: Step;
}

type Making = Exclude<Change, { action: 'delete' | 'keep' }>;

/** The steps of a plan, each with what it waits for. What they make known, they keep in `facts`. */
export function worksOf(plan: ChangePlan, actor: Actor, facts: Map<Key, Readonly<Record<string, string>>>): Work[] {
  const changes = effective(plan);
  const going = changes.flatMap((change) =>
    change.action === 'delete' || change.action === 'replace' ? [{ change, observed: change.observed }] : [],
  );
  const removal = (observed: Observed): string => `delete ${observed.key} ${observed.id}`;
  const removals = going.map(({ observed }): Work => {
    const rank = actor.rank(observed);
    const step = {
      id: removal(observed),
      // What hangs on it goes first.
      after: going.filter((other) => actor.rank(other.observed) > rank).map((other) => removal(other.observed)),
      run: () => actor.remove(observed),
    };
    return { does: 'delete', keys: [observed.key], step };
  });
  // An address that another one of the kind has is free only when that one is gone.
  const surplus = (kind: string): string[] =>
    going.flatMap(({ change, observed }) =>
      change.action === 'delete' && observed.kind === kind ? [removal(observed)] : [],
    );
  const makings = changes.filter((change): change is Making => 'desired' in change);
  const isNew = ({ action }: Change): boolean => action === 'create' || action === 'replace';
  const bundles = actor.bundles(makings.filter(isNew).map(({ desired }) => desired));
  const bundleOf = new Map(bundles.flatMap((bundle) => bundle.map(({ key }) => [key, bundle] as const)));
  const making = (key: Key): string => `make ${bundleOf.get(key)?.[0]?.key ?? key}`;
  const filled = (desired: Desired): Desired => ({ ...desired, spec: withFacts(desired.spec, facts) });
  const waits = (change: Making): string[] => [
    ...needsOf(change.desired).map(making),
    ...(change.action === 'replace' ? [removal(change.observed)] : []),
    ...(isNew(change) ? surplus(change.kind) : []),
  ];
  const works = makings.flatMap((change): Work[] => {
    const { key, desired } = change;
    const bundle = bundleOf.get(key);
    if (bundle !== undefined && bundle[0]?.key !== key) return [];
    const id = making(key);
    const members = bundle === undefined ? [change] : makings.filter((other) => bundleOf.get(other.key) === bundle);
    const after = members.flatMap(waits).filter((other) => other !== id);
    const run = async (): Promise<void> => {
      if (bundle !== undefined) (await actor.createTogether(bundle.map(filled))).forEach(keep);
      else if (change.action === 'await') keep(await actor.settle(change.observed));
      else if (change.action === 'update')
        keep(await actor.update(filled(desired), change.observed, change.differences));
      else keep(await actor.create(filled(desired)));
    };
    const does = change.action === 'await' || change.action === 'update' ? change.action : 'create';
    return [{ does, keys: bundle?.map((one) => one.key) ?? [key], step: { id, after, run } }];
  });
  return [...removals, ...works];

  function keep(made: Observed): void {
    facts.set(made.key, made.facts);
  }
}
