import { styleText } from 'node:util';
import type { Boot, Report } from '../boot-report/boots.ts';
import type { PhaseReport, Verdict } from '../boot-report/verdict.ts';

/** Colours for a terminal; none for anything else. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const COLORS = { ok: 'green', failed: 'red', waiting: 'yellow' } as const;

/** One boot as people read it: a line on the whole, then a row for each phase. */
export function bootTable(boot: Boot, { phases, outcome }: Verdict, title: string, paint: Paint): string {
  const from = boot.hasBeginning ? '' : ', the beginning is not in the log';
  const lines = `lines ${String(boot.first.number)}–${String(boot.last.number)}`;
  const node = boot.node ?? 'no report';
  const after = outcome === 'complete' ? timeOf(completeAt(phases)) : '';
  const verdict = paint(outcome === 'complete' ? 'green' : 'red', `${outcome}${after === '' ? '' : ` after ${after}`}`);
  const rows = phases.flatMap((phase) => [phaseRow(phase), ...phase.notes.map(noteRow)]);
  return [`${paint('bold', `${title}: ${node}`)}, ${lines}${from}: ${verdict}\n`, ...layOut(rows, paint)].join('');
}

interface Row {
  readonly phase: string;
  readonly state: string;
  readonly at: string;
  readonly line: string;
  readonly text: string;
}

function phaseRow({ phase, state, report, failure }: PhaseReport): Row {
  const before =
    failure === undefined || failure === report || state === 'waiting'
      ? ''
      : state === 'ok'
        ? `(had failed: ${wordsOf(failure)})`
        : report?.text === ''
          ? `(${failure.text})`
          : '';
  return {
    phase,
    state: state ?? '–',
    at: report === undefined ? '' : timeOf(report),
    line: report === undefined ? '' : String(report.line.number),
    text: report === undefined ? 'nothing was said of it' : [wordsOf(report), before].filter(Boolean).join(' '),
  };
}

function noteRow(report: Report): Row {
  return { phase: '', state: 'note', at: timeOf(report), line: String(report.line.number), text: report.text };
}

function layOut(rows: readonly Row[], paint: Paint): string[] {
  const header: Row = { phase: 'phase', state: 'state', at: 'at', line: 'line', text: '' };
  const all = rows.length === 0 ? [] : [header, ...rows];
  const width = (of: (row: Row) => string): number => Math.max(...all.map((row) => of(row).length));
  return all.map((row) => {
    const state = row.state.padEnd(width((each) => each.state));
    const color = (COLORS as Readonly<Record<string, 'green' | 'red' | 'yellow'>>)[row.state];
    const cells = [
      row.phase.padEnd(width((each) => each.phase)),
      color === undefined ? state : paint(color, state),
      row.at.padStart(width((each) => each.at)),
      row.line.padStart(width((each) => each.line)),
      row.text,
    ];
    return `  ${cells.join('  ').trimEnd()}\n`;
  });
}

/** What a line says, with what systemd knows of the unit: "triskel-fetch.service exit 1: not installed …". */
export function wordsOf({ text, fields }: Report): string {
  const { unit, result, exit = '0' } = fields;
  // systemd.exec(5): the result exit-code says no more than the code; 0 is that of a program before the main one.
  const ended = exit === '0' ? result : `${result === 'exit-code' ? '' : (result ?? '')} exit ${exit}`.trim();
  return [[unit, ended].filter(Boolean).join(' '), text].filter(Boolean).join(': ');
}

function completeAt(phases: readonly PhaseReport[]): Report | undefined {
  return phases.find(({ phase }) => phase === 'node')?.report;
}

function timeOf(report: Report | undefined): string {
  return report?.up === undefined ? '' : `${String(report.up)} s`;
}
