/** Runs what has an order, as much of it at once as may be. */

/** One thing to do, when all that it waits for has been done. */
export interface Step {
  readonly id: string;
  readonly after: readonly string[];
  readonly run: () => Promise<void>;
}

/** What became of a step. skipped: something that it waits for failed, or everything was stopped before it. */
export type StepEnd = 'done' | 'failed' | 'skipped';

export interface RunOptions {
  /** Steps that run at once, at most. */
  readonly concurrency: number;
  /** Aborted: what runs ends by itself, nothing more begins. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every end; `error` where it failed. */
  readonly onEnd: (id: string, end: StepEnd, error: unknown) => void;
}

/**
 * Runs all steps; waits for ids that are no step are none. A step that fails keeps from running what waits for it, and nothing
 * else. Resolves when nothing runs any more; never rejects. Throws at a circle.
 */
export async function runSteps(steps: readonly Step[], { concurrency, signal, onEnd }: RunOptions): Promise<void> {
  const ids = new Set(steps.map(({ id }) => id));
  const waiting = new Map(steps.map((step) => [step.id, new Set(step.after.filter((id) => ids.has(id)))]));
  const dependents = new Map<string, Step[]>();
  for (const step of steps)
    for (const id of waiting.get(step.id) ?? []) dependents.set(id, [...(dependents.get(id) ?? []), step]);
  const length = chainLengths(steps, dependents);
  const ready = steps.filter(({ id }) => waiting.get(id)?.size === 0);
  const ended = new Set<string>();
  let running = 0;
  await new Promise<void>((resolve) => {
    const end = (step: Step, how: StepEnd, error?: unknown): void => {
      if (ended.has(step.id)) return;
      ended.add(step.id);
      onEnd(step.id, how, error);
      for (const dependent of dependents.get(step.id) ?? []) {
        if (how !== 'done') end(dependent, 'skipped');
        else {
          const left = waiting.get(dependent.id);
          left?.delete(step.id);
          if (left?.size === 0) ready.push(dependent);
        }
      }
    };
    const go = (): void => {
      while (running < concurrency) {
        // The longest chain first: it decides when everything is done.
        const step = ready.sort((a, b) => (length.get(b.id) ?? 0) - (length.get(a.id) ?? 0)).shift();
        if (step === undefined) break;
        if (signal?.aborted === true) {
          end(step, 'skipped');
          continue;
        }
        running++;
        step.run().then(
          () => next(step, 'done'),
          (error: unknown) => next(step, 'failed', error),
        );
      }
      if (running === 0) resolve();
    };
    const next = (step: Step, how: StepEnd, error?: unknown): void => {
      running--;
      end(step, how, error);
      go();
    };
    go();
  });
}

/** For each step, how many have to follow one after the other until nothing waits for it any more. Throws at a circle. */
function chainLengths(steps: readonly Step[], dependents: ReadonlyMap<string, readonly Step[]>): Map<string, number> {
  const lengths = new Map<string, number>();
  const open = new Set<string>();
  const measure = ({ id }: Step): number => {
    const known = lengths.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) throw new Error('steps wait for each other in a circle');
    open.add(id);
    const length = 1 + Math.max(0, ...(dependents.get(id) ?? []).map(measure));
    open.delete(id);
    lengths.set(id, length);
    return length;
  };
  steps.forEach(measure);
  return lengths;
}
