import { styleText } from 'node:util';
import { readBoots, type Boot, type Report, type Seen } from '../boot-report/boots.ts';
import { shownText } from '../boot-report/lines.ts';
import { verdictOf, type Verdict } from '../boot-report/verdict.ts';
import { lineAt, sourceText, type Locate } from '../diagnostics/source-text.ts';
import { readConsoleLog } from '../host/console-log.ts';
import { bootFindings, damageFindings, type PlaceOf } from './console-findings.ts';
import { bootTable, type Paint } from './console-table.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';

/** `triskel console <log>`: how each boot in a console's log went; fails unless the last one is complete. */
export function consoleLog(file: string, context: Context): ExitCode {
  const read = readConsoleLog(file);
  if (read.value === undefined) return context.tell({ diagnostics: read.diagnostics });
  const name = file === '-' ? 'standard input' : file;
  const source = sourceText(name, read.value.split('\n').map(shownText).join('\n'));
  const locate: Locate = ({ range }) => (range === undefined ? { file: name } : { file: name, source, range });
  const placeOf: PlaceOf = ({ number }, note) => {
    const start = source.lineStarts[number - 1] ?? 0;
    const range = [start, start + (lineAt(source, number)?.length ?? 0)] as const;
    return note === undefined ? { range } : { range, note };
  };
  const paint: Paint = (format, text) => (context.color ? styleText(format, text, { validateStream: false }) : text);
  const boots = readBoots(read.value).map((boot) => ({ boot, verdict: verdictOf(boot) }));
  const tables = boots.map(({ boot, verdict }, index) =>
    bootTable(boot, verdict, `boot ${String(index + 1)} of ${String(boots.length)}`, paint),
  );
  const last = boots.at(-1);
  const findings = last === undefined ? [] : bootFindings(last.boot, last.verdict, placeOf);
  const damage = damageFindings(
    boots.map(({ boot }) => boot),
    placeOf,
  );
  return context.tell({
    text: tables.join('\n'),
    value: { log: name, boots: boots.map(({ boot, verdict }) => bootJson(boot, verdict)) },
    diagnostics: [...findings, ...damage],
    locate,
    exitCode: last?.verdict.outcome === 'complete' ? EXIT.ok : EXIT.mistake,
  });
}

function bootJson(boot: Boot, { outcome, phases, cause }: Verdict): object {
  return {
    node: boot.node,
    boot: boot.id,
    firstLine: boot.first.number,
    lastLine: boot.last.number,
    hasBeginning: boot.hasBeginning,
    outcome,
    phases: phases.map(({ phase, state, report, failure, notes }) => ({
      phase,
      state,
      ...(report === undefined ? {} : reportJson(report)),
      firstFailure: failure === undefined ? undefined : reportJson(failure),
      notes: notes.map(reportJson),
    })),
    cause: cause === undefined ? undefined : 'sign' in cause ? seenJson(cause) : causeJson(cause),
    seen: boot.seen.map(seenJson),
  };
}

function causeJson(report: Report): object {
  return { phase: report.phase, ...reportJson(report) };
}

function reportJson({ line, up, text, fields }: Report): object {
  const { unit, result, exit } = fields;
  return { line: line.number, up, unit, result, exit: exit === undefined ? undefined : Number(exit), text };
}

function seenJson({ sign, line }: Seen): object {
  return { sign: sign.name, fatal: sign.fatal, line: line.number, text: line.text };
}
