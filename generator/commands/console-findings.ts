import { counted } from '../base/counted.ts';
import type { Boot, Report, Seen } from '../boot-report/boots.ts';
import type { LogLine } from '../boot-report/lines.ts';
import { explain, type Verdict } from '../boot-report/verdict.ts';
import { diagnostic, type Diagnostic, type Place } from '../diagnostics/diagnostic.ts';
import { wordsOf } from './console-table.ts';

/** Lines of others that are told beside what failed. */
const MOST_HINTS = 3;

/** Where a line stands in the log that is printed. */
export type PlaceOf = (line: LogLine, note?: string) => Place;

/** Why the last boot of a log is not complete; nothing when it is. */
export function bootFindings(boot: Boot, { outcome, cause, phases }: Verdict, placeOf: PlaceOf): Diagnostic[] {
  const node = boot.node ?? 'the machine';
  if (cause !== undefined) {
    const places = [placeOf(cause.line), ...hints(boot, placeOf, cause)];
    if ('sign' in cause) {
      const { name, means, do: remedy } = cause.sign;
      const text = `the boot of ${node} ends here: ${name.replaceAll('-', ' ')}`;
      return [{ ...diagnostic('console/stopped', text, places, remedy), why: means }];
    }
    const { means, do: remedy } = explain(cause);
    const text = `${node}: ${cause.phase} failed${saying(cause)}`;
    return [{ ...diagnostic('console/failed', text, places, remedy), why: means }];
  }
  if (outcome === 'unfinished') {
    const waiting = phases.find(({ phase, state }) => phase !== 'node' && state === 'waiting');
    const report = (waiting ?? phases.at(-1))?.report;
    const what = report === undefined ? '' : `: ${report.phase} is ${report.state}${saying(report)}`;
    const places = report === undefined ? [] : [placeOf(report.line)];
    const text = `${node}: the boot is not complete when the log ends${what}`;
    return [diagnostic('console/unfinished', text, [...places, ...hints(boot, placeOf)])];
  }
  if (outcome === 'silent') {
    const text = 'the last boot in the log has no line of the boot report';
    return [diagnostic('console/no-report', text, [placeOf(boot.last), ...hints(boot, placeOf)])];
  }
  return [];
}

/** Lines of the report that could not be read. */
export function damageFindings(boots: readonly Boot[], placeOf: PlaceOf): Diagnostic[] {
  const cut = boots.flatMap((boot) => boot.cut);
  const newer = boots.flatMap((boot) => boot.newer);
  const found: Diagnostic[] = [];
  if (cut[0] !== undefined) {
    const text = `${counted(cut.length, 'line')} of the report cut off or written into`;
    found.push(diagnostic('console/damaged', text, [placeOf(cut[0])]));
  }
  if (newer[0] !== undefined) {
    const text = `${counted(newer.length, 'line')} of the report in a newer format`;
    found.push(diagnostic('console/newer-format', text, [placeOf(newer[0])]));
  }
  return found;
}

function saying(report: Report): string {
  const words = wordsOf(report);
  return words === '' ? '' : ` (${words})`;
}

/** What others said before it on the same console. */
function hints({ seen }: Boot, placeOf: PlaceOf, cause?: Report | Seen): Place[] {
  const before = seen.filter(({ line }) => cause === undefined || line.number < cause.line.number);
  const byText = [...new Map(before.map((each) => [each.line.text, each])).values()];
  return byText.slice(-MOST_HINTS).map(({ sign, line }) => placeOf(line, sign.means));
}
