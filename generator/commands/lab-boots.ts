import { readBoots, type Report } from '../boot-report/boots.ts';
import { verdictOf, type Outcome, type Verdict } from '../boot-report/verdict.ts';
import { pause, stopwatch } from '../host/clock.ts';
import type { Machine } from '../host/lab/machine.ts';
import type { Context } from './context.ts';

/** How a machine's last boot goes; undefined while nothing of it is to be seen. */
export function lastBoot(machine: Machine): (Verdict & { readonly reports: readonly Report[] }) | undefined {
  const boot = readBoots(machine.console()).at(-1);
  return boot === undefined ? undefined : { ...verdictOf(boot), reports: boot.reports };
}

/** What is waited for: nodes that have been switched on, and others that will be. */
export interface Waiting {
  readonly machines: readonly Machine[];
  /** Nodes that are yet to be switched on, each with what it waits for. */
  readonly late: ReadonlySet<string>;
  /** Seconds. */
  readonly timeout: number;
}

/** Says what nodes report until all are complete, one has failed for good, or the time is up; gives each one's outcome. */
export async function watchBoots(
  { machines, late, timeout }: Waiting,
  context: Context,
): Promise<ReadonlyMap<string, Outcome>> {
  const seconds = stopwatch();
  const told = new Map<string, number>();
  const width = Math.max(...machines.map(({ name }) => name.length));
  for (;;) {
    const outcomes = new Map<string, Outcome>();
    for (const machine of machines) {
      const boot = lastBoot(machine);
      outcomes.set(machine.name, boot?.outcome ?? 'silent');
      const reports = boot?.reports ?? [];
      for (const report of reports.slice(told.get(machine.name) ?? 0)) say(machine.name, report);
      told.set(machine.name, reports.length);
    }
    const open = machines.filter(({ name }) => outcomes.get(name) !== 'complete').map(({ name }) => name);
    if (open.length === 0 || seconds() > timeout) return outcomes;
    const done = machines.length - open.length;
    await context.progress(
      `${String(done)} of ${String(machines.length)} nodes are complete; waiting for ${open.map((name) => (late.has(name) ? `${name} (off)` : name)).join(', ')}`,
    );
    await pause(250);
  }

  function say(node: string, { phase, state, text }: Report): void {
    const at = seconds();
    const line = `${at.toFixed(1).padStart(6)} s  ${node.padEnd(width)}  ${phase} ${state}${text === '' ? '' : `: ${text}`}`;
    context.event(line, { event: 'report', node, phase, state, seconds: Number(at.toFixed(1)), text });
  }
}
