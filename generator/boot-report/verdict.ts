import type { Boot, Report, Seen } from './boots.ts';
import table from './explanations.yaml';
import { PHASES, type State } from './phases.ts';

/** One phase of a boot, as it was at the log's end. */
export interface PhaseReport {
  readonly phase: string;
  /** Undefined: the node has this phase, and said nothing of it. */
  readonly state: Exclude<State, 'note'> | undefined;
  /** The line that says so. */
  readonly report: Report | undefined;
  /** Its first failure, of which it may have recovered. */
  readonly failure: Report | undefined;
  readonly notes: readonly Report[];
}

/**
 * How a boot ended: `complete`; `failed`: a phase failed, or a line of somebody else says that the boot is over;
 * `unfinished`: no failure, and not complete when the log ends; `silent`: nothing of ours in it at all.
 */
export type Outcome = 'complete' | 'failed' | 'unfinished' | 'silent';

/** What a boot comes to. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly phases: readonly PhaseReport[];
  /** Of a boot that failed: the first thing that failed and did not recover, which the others may follow from. */
  readonly cause: Report | Seen | undefined;
}

/** Phases in their order; those of a newer Triskel stand last. */
export function verdictOf(boot: Boot): Verdict {
  const phases = phasesOf(boot);
  const isComplete = phases.some(({ phase, state }) => phase === 'node' && state === 'ok');
  const failures = phases.flatMap(({ state, failure }) => (state === 'failed' && failure !== undefined ? failure : []));
  // A panic ends a boot that was complete; what else is fatal only tells why there is nothing of ours.
  const fatal = boot.seen.filter(({ sign }) => sign.fatal && (!isComplete || sign.name === 'kernel-panic'));
  const [cause] = [...failures, ...fatal].sort((a, b) => a.line.number - b.line.number);
  const outcome =
    cause !== undefined ? 'failed' : isComplete ? 'complete' : boot.reports.length > 0 ? 'unfinished' : 'silent';
  return { outcome, phases, cause };
}

/** What the failure of a phase means, and what to do; of the node as a whole: that of what it waits for. */
export function explain({ phase: told, text }: Report): { readonly means: string; readonly do: string } {
  const phase = /still watching: ([a-z]+) /.exec(text)?.[1] ?? told;
  const found = explanations.find(
    (entry) => entry.phase === phase && (entry.says === undefined || entry.says.test(text)),
  );
  return found ?? { means: 'This phase is not known here.', do: 'Read the log with the Triskel that made the node.' };
}

/** Every phase that the boot told of, or said that it has. */
function phasesOf({ reports }: Boot): PhaseReport[] {
  const expected = reports.flatMap(({ fields }) => fields['phases']?.split(',') ?? []);
  const names = new Set([...expected, ...reports.map(({ phase }) => phase)]);
  return [...names].sort((a, b) => rank(a) - rank(b)).map((phase) => phaseOf(phase, reports));
}

function phaseOf(phase: string, reports: readonly Report[]): PhaseReport {
  const own = reports.filter((report) => report.phase === phase);
  const notes = own.filter(({ state }) => state === 'note');
  const said = own.filter(({ state }) => state !== 'note');
  // A phase may have several units, as disks do, and is as well as the worst of them. A line that names no unit is a
  // script's own, and stands until a unit says more.
  const units = [...new Map(said.map((report) => [report.fields['unit'], report])).values()];
  const current = said.at(-1)?.fields['unit'] === undefined ? units : units.filter(({ fields }) => 'unit' in fields);
  const worst = (['failed', 'waiting', 'ok'] as const).find((state) =>
    current.some((report) => report.state === state),
  );
  return {
    phase,
    state: worst,
    report: current.findLast(({ state }) => state === worst),
    failure: said.find(({ state }) => state === 'failed'),
    notes,
  };
}

function rank(phase: string): number {
  const index = (PHASES as readonly string[]).indexOf(phase);
  return index === -1 ? PHASES.length : index;
}

interface Entry {
  readonly phase: string;
  readonly says?: string;
  readonly means: string;
  readonly do: string;
}

const explanations = (table as readonly Entry[]).map(({ says, ...entry }) => ({
  ...entry,
  says: says === undefined ? undefined : new RegExp(says),
}));
