import { needsOf } from './graph.ts';
import type { Change, ChangePlan } from './change-plan.ts';
import { effective } from './change-plan.ts';
import { withFacts, type Desired, type Difference, type Facts, type Key, type Observed } from './resource.ts';
import { runSteps, type Step } from './steps.ts';

/** What a cloud does with one resource. Every call waits until the resource is ready, or gone. */
export interface Actor {
  /** Makes it; the spec's references are filled. What an earlier run made and nobody saw is found by its mark. */
  readonly create: (desired: Desired) => Promise<Observed>;
  /** Waits for what an earlier run began. */
  readonly settle: (observed: Observed) => Promise<Observed>;
  readonly update: (desired: Desired, observed: Observed, differences: readonly Difference[]) => Promise<Observed>;
  readonly remove: (observed: Observed) => Promise<void>;
  /** Of two resources, which one has to go first; lower numbers are made first and go last. */
  readonly rank: (observed: Observed) => number;
}

/** What happens while a plan is applied, in order. */
export interface ApplyEvent {
  readonly key: Key;
  readonly does: 'create' | 'update' | 'await' | 'delete';
  readonly state: 'begun' | 'done' | 'failed' | 'skipped';
  readonly error?: unknown;
}

export interface ApplyOptions {
  readonly actor: Actor;
  /** Of things that are not the cluster's own, and of what stays. */
  readonly facts: Facts;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: (event: ApplyEvent) => void;
}

/** What an application left: whether everything was done, and the facts of all that is there now. */
export interface Applied {
  readonly complete: boolean;
  readonly facts: Facts;
}

/** Does what a plan says, along its graph, as much at once as may be. What fails keeps back only what needs it. */
export async function applyChanges(plan: ChangePlan, options: ApplyOptions): Promise<Applied> {
  const { actor, concurrency, signal, onEvent } = options;
  const facts = new Map(options.facts);
  for (const change of plan.changes)
    if ('observed' in change && 'desired' in change) facts.set(change.key, change.observed.facts);
  const steps = stepsOf(plan, actor, facts, onEvent);
  let complete = true;
  await runSteps(steps, {
    concurrency,
    signal,
    onEnd: (id, end, error) => {
      const [does, key] = split(id);
      if (end !== 'done') complete = false;
      onEvent({ key, does, state: end, ...(error === undefined ? {} : { error }) });
    },
  });
  return { complete, facts };
}

type Does = ApplyEvent['does'];

function split(id: string): [Does, Key] {
  const [does = '', ...key] = id.split(' ');
  return [does as Does, key[0] ?? ''];
}

function stepsOf(
  plan: ChangePlan,
  actor: Actor,
  facts: Map<Key, Readonly<Record<string, string>>>,
  onEvent: ApplyOptions['onEvent'],
): Step[] {
  const changes = effective(plan);
  const going = changes.flatMap((change) =>
    change.action === 'delete' || change.action === 'replace' ? [{ change, observed: change.observed }] : [],
  );
  const removal = (observed: Observed): string => `delete ${observed.key} ${observed.id}`;
  const removals = going.map(({ observed }): Step => {
    const rank = actor.rank(observed);
    return {
      id: removal(observed),
      // What hangs on it goes first.
      after: going.filter((other) => actor.rank(other.observed) > rank).map((other) => removal(other.observed)),
      run: () => begun(observed.key, 'delete', () => actor.remove(observed)),
    };
  });
  // An address that another one of the kind has is free only when that one is gone.
  const surplus = (kind: string): string[] =>
    going.flatMap(({ change, observed }) =>
      change.action === 'delete' && observed.kind === kind ? [removal(observed)] : [],
    );
  const makings = changes.flatMap((change): Step[] => {
    if (change.action === 'delete') return [];
    const { desired, key } = change as Exclude<Change, { action: 'delete' | 'keep' }>;
    const after = needsOf(desired).flatMap((need) => [`create ${need}`, `update ${need}`, `await ${need}`]);
    const make = async (run: (filled: Desired) => Promise<Observed>): Promise<void> => {
      const made = await run({ ...desired, spec: withFacts(desired.spec, facts) });
      facts.set(key, made.facts);
    };
    if (change.action === 'await') {
      const run = (): Promise<void> => make(() => actor.settle(change.observed));
      return [{ id: `await ${key}`, after, run: () => begun(key, 'await', run) }];
    }
    if (change.action === 'update') {
      const { observed, differences } = change;
      const run = (): Promise<void> => make((filled) => actor.update(filled, observed, differences));
      return [{ id: `update ${key}`, after, run: () => begun(key, 'update', run) }];
    }
    const own = change.action === 'replace' ? [removal(change.observed)] : [];
    const run = (): Promise<void> => make((filled) => actor.create(filled));
    return [
      { id: `create ${key}`, after: [...after, ...own, ...surplus(change.kind)], run: () => begun(key, 'create', run) },
    ];
  });
  return [...removals, ...makings];

  async function begun(key: Key, does: Does, run: () => Promise<void>): Promise<void> {
    onEvent({ key, does, state: 'begun' });
    await run();
  }
}
