import { CloudError } from 'openstack-client-lite';
import { counted } from '../base/counted.ts';
import type { ApplyEvent } from '../clouds/apply.ts';
import { Unsettled } from '../clouds/openstack/kinds/settle.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';

const WORDS: Readonly<Record<ApplyEvent['does'], Readonly<Record<ApplyEvent['state'], string>>>> = {
  create: { begun: 'making', done: 'made', failed: 'could not make', skipped: 'did not make' },
  update: { begun: 'changing', done: 'changed', failed: 'could not change', skipped: 'did not change' },
  await: { begun: 'waiting for', done: 'is ready:', failed: 'is not ready:', skipped: 'did not wait for' },
  delete: { begun: 'deleting', done: 'deleted', failed: 'could not delete', skipped: 'did not delete' },
};

/** How the steps of an application are told while they run. */
export interface Told {
  readonly onEvent: (event: ApplyEvent) => void;
  /** What failed. */
  readonly errors: readonly Diagnostic[];
  /** A line at the end. Throws what was no failure of the cloud's but a fault of ours, now that everything else is told. */
  readonly summary: () => string;
}

/**
 * A line for each step that ends. On a terminal, below these, a row for each that runs, with the seconds that it has taken until
 * now; for programs a line of JSON for each event.
 */
export function tellSteps(cluster: string, all: number, seconds: () => number, context: Context): Told {
  const errors: Diagnostic[] = [];
  const running = new Map<string, { readonly does: ApplyEvent['does']; readonly from: number }>();
  const faults: unknown[] = [];
  let done = 0;
  return {
    errors,
    summary: () => {
      if (faults.length > 0) throw faults[0];
      return `${cluster}: ${counted(done, 'step')} of ${String(all)} done in ${seconds().toFixed(1)} s\n`;
    },
    onEvent: ({ key, does, state, with: first, error }) => {
      const now = seconds();
      const began = running.get(key)?.from ?? now;
      if (state === 'begun') running.set(key, { does, from: now });
      else running.delete(key);
      if (state === 'done') done++;
      if (error instanceof CloudError || error instanceof Unsettled)
        errors.push(diagnostic('cloud/call-failed', `${key}: ${error.message}`));
      else if (error !== undefined) faults.push(error);
      if (state !== 'begun' || context.json) {
        const took = state === 'done' ? `  (${(now - began).toFixed(1)} s)` : '';
        const line = `${now.toFixed(1).padStart(7)} s  ${WORDS[does][state]} ${key}${took}`;
        context.event(line, {
          event: does,
          state,
          resource: key,
          ...(first === undefined ? {} : { with: first }),
          seconds: now,
        });
      }
      void context.progress(rows);
    },
  };

  function rows(): string {
    const now = seconds();
    const width = Math.max(0, ...[...running.keys()].map((key) => key.length));
    const each = [...running].map(
      ([key, { does, from }]) =>
        `\n${(now - from).toFixed(0).padStart(7)} s  ${key.padEnd(width)}  ${WORDS[does].begun}`,
    );
    return [`${cluster}: ${String(done)} of ${String(all)} done in ${now.toFixed(0)} s`, ...each].join('');
  }
}
