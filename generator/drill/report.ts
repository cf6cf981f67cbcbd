import { DRILLS, titleOf, type DrillName } from './drills.ts';
import type { Prediction } from './predictions.ts';

/** How a drill went. `unclear`: this machine was too busy for its measure to say anything. */
export type DrillState = 'passed' | 'failed' | 'unclear' | 'not run';

/** One drill. Milliseconds everywhere. */
export interface DrillResult {
  readonly drill: DrillName;
  readonly state: DrillState;
  /** The node that it was done to. */
  readonly node?: string | undefined;
  /** The longest time without an answer of the API; null: it did not come back while it was waited for. */
  readonly gap?: number | null | undefined;
  /** The same when what was broken came back. */
  readonly gapOnReturn?: number | null | undefined;
  readonly prediction?: Prediction | undefined;
  readonly target?: number | undefined;
  /** The share of its time in which programs of the nodes waited for a processor, 0 to 1. */
  readonly busy?: number | undefined;
  /** What else was seen, and what was not as it must be. */
  readonly notes: readonly string[];
}

/** One thing that must hold all the time. */
export interface Invariant {
  readonly says: string;
  /** How it was looked at: "812 samples". */
  readonly basis: string;
  readonly violations: readonly string[];
}

/** A whole run. */
export interface DrillReport {
  readonly cluster: string;
  readonly blueprint: string;
  /** Whether the API is at an address that moves. */
  readonly hasVirtualIp: boolean;
  /** ISO 8601. */
  readonly date: string;
  /** Processors of the machine, and its load in the last minute, at the beginning. */
  readonly machine: { readonly processors: number; readonly load: number };
  readonly differences: readonly string[];
  readonly drills: readonly DrillResult[];
  readonly invariants: readonly Invariant[];
}

/** From this share on, a machine is too busy for a measure to say anything against a cluster. */
const TOO_BUSY = 0.5;

/** Whether a measure keeps within its bounds. `gap` null: never again. */
export function judged(
  gap: number | null,
  bounds: {
    readonly prediction: Prediction | undefined;
    readonly target: number | undefined;
    readonly busy: number;
  },
): { readonly state: DrillState; readonly notes: readonly string[] } {
  if (gap === null) return { state: 'failed', notes: ['the API did not come back'] };
  const named = [
    ['the prediction', bounds.prediction?.milliseconds],
    ['the target', bounds.target],
  ] as const;
  const notes = named.flatMap(([name, bound]) =>
    bound !== undefined && gap > bound ? [`${shown(gap)} is more than ${name}, ${shown(bound)}`] : [],
  );
  if (notes.length === 0) return { state: 'passed', notes: [] };
  if (bounds.busy < TOO_BUSY) return { state: 'failed', notes };
  const share = `${(bounds.busy * 100).toFixed(0)} %`;
  return {
    state: 'unclear',
    notes: [
      ...notes,
      `but the nodes’ programs waited for a processor for ${share} of the time: the machine is too busy`,
    ],
  };
}

/** True when every drill that could be run passed, and nothing that must hold was violated. */
export function hasPassed({ drills, invariants }: DrillReport): boolean {
  return (
    drills.every(({ state }) => state === 'passed' || state === 'not run') &&
    invariants.every(({ violations }) => violations.length === 0)
  );
}

/** As a page of Markdown, which reads as text, too. */
export function reportPage(report: DrillReport): string {
  const { cluster, blueprint, date, machine, differences, drills, invariants } = report;
  const rows = DRILLS.flatMap((name) => drills.filter(({ drill }) => drill === name)).map((result) => [
    titleOf(result.drill, report.hasVirtualIp),
    result.node ?? '',
    result.gap === undefined ? '' : result.gap === null ? 'never' : shown(result.gap),
    result.prediction === undefined ? '' : `≤ ${shown(result.prediction.milliseconds)}`,
    result.target === undefined ? '' : `≤ ${shown(result.target)}`,
    result.state,
  ]);
  const told = drills.flatMap(({ drill, notes, prediction, gapOnReturn }) => [
    ...(gapOnReturn === undefined
      ? []
      : [`${drill}: on the way back, ${gapOnReturn === null ? 'never' : shown(gapOnReturn)} without an answer`]),
    ...(prediction === undefined ? [] : [`${drill}: predicted are ${prediction.because}`]),
    ...notes.map((note) => `${drill}: ${note}`),
  ]);
  const held = invariants.map(({ says, basis, violations }) =>
    violations.length === 0
      ? `held: ${says} (${basis})`
      : `VIOLATED: ${says} (${basis}): ${violations.slice(0, 5).join('; ')}`,
  );
  return [
    `# Drills of ${cluster}`,
    '',
    `\`triskel drill ${blueprint}\`, ${date}, on ${String(machine.processors)} processors with a load of ${machine.load.toFixed(1)}. A client asked the API ten times a second.`,
    '',
    markdownTable(['drill', 'node', 'gap', 'predicted', 'target', 'result'], rows),
    '',
    ...bullets(held),
    '',
    'In detail:',
    '',
    ...bullets(told),
    '',
    'Not as in the blueprint:',
    '',
    ...bullets(differences),
    '',
  ].join('\n');
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${line}`);
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function shown(milliseconds: number): string {
  return milliseconds < 10_000 ? `${String(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
