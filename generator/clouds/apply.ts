import type { ChangePlan } from './change-plan.ts';
import type { Desired, Difference, Facts, Key, Observed } from './resource.ts';
import { runSteps, type Step } from './steps.ts';
import { worksOf, type Work } from './works.ts';

/** What a cloud does with one resource. Every call waits until the resource is ready, or gone. */
export interface Actor {
  /** Makes it; the spec's references are filled. What an earlier run made and nobody saw is found by its mark. */
  readonly create: (desired: Desired) => Promise<Observed>;
  /** Those of what is to be made that one call makes together: all of them or none. What is in no bundle is made alone. */
  readonly bundles: (desired: readonly Desired[]) => readonly (readonly Desired[])[];
  /** Makes a bundle; what they refer to of each other is not filled. Gives those that others refer to, at least. */
  readonly createTogether: (bundle: readonly Desired[]) => Promise<readonly Observed[]>;
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
  /** The resource whose call makes this one, too; its event has the error. */
  readonly with?: Key;
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
  const works = worksOf(plan, actor, facts);
  const tell = ({ does, keys: [first = '', ...others] }: Work, state: ApplyEvent['state'], error?: unknown): void => {
    onEvent({ key: first, does, state, ...(error === undefined ? {} : { error }) });
    for (const key of others) onEvent({ key, does, state, with: first });
  };
  const byId = new Map(works.map((work) => [work.step.id, work]));
  const steps = works.map((work): Step => {
    const run = (): Promise<void> => {
      tell(work, 'begun');
      return work.step.run();
    };
    return { ...work.step, run };
  });
  let complete = true;
  await runSteps(steps, {
    concurrency,
    signal,
    onEnd: (id, end, error) => {
      if (end !== 'done') complete = false;
      const work = byId.get(id);
      if (work !== undefined) tell(work, end, error);
    },
  });
  return { complete, facts };
}
