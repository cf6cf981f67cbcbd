import { styleText } from 'node:util';
import { counted } from '../base/counted.ts';
import { codeFrame, withoutControls } from './code-frame.ts';
import type { Diagnostic, Place, Severity } from './diagnostic.ts';
import { positionOf, type Locate, type Located } from './source-text.ts';

export interface PrintOptions {
  readonly color: boolean;
}

type Format = Parameters<typeof styleText>[0];
type Paint = (format: Format, text: string) => string;

const COLORS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, Format>;
/** As many as people read. */
const MOST = 100;
const ORDER: readonly Severity[] = ['error', 'warning', 'note'];

/**
 * Diagnostics for people, errors first. Each begins with `file:line:column: severity:`, which terminals and editors make
 * a link of. Why and remedy stand with the first of several that share them.
 */
export function printDiagnostics(diagnostics: readonly Diagnostic[], locate: Locate, options: PrintOptions): string {
  const paint: Paint = (format, text) => (options.color ? styleText(format, text, { validateStream: false }) : text);
  const told = new Set<string>();
  const sorted = [...diagnostics].sort((a, b) => ORDER.indexOf(severityOf(a)) - ORDER.indexOf(severityOf(b)));
  const blocks = sorted.slice(0, MOST).map((diagnostic) => {
    const advice = adviceOf(diagnostic, paint);
    const isNew = !told.has(advice);
    told.add(advice);
    return printOne(diagnostic, locate, paint) + (isNew ? advice : '');
  });
  const rest = sorted.length - MOST;
  if (rest > 0) blocks.push(`… and ${String(rest)} more; --json tells all of them\n`);
  return blocks.join('\n');
}

/** "3 errors, 1 warning"; empty when there is nothing. What is acknowledged counts as a note. */
export function summarize(diagnostics: readonly Diagnostic[]): string {
  return ORDER.flatMap((severity) => {
    const count = diagnostics.filter((d) => severityOf(d) === severity).length;
    return count === 0 ? [] : counted(count, severity);
  }).join(', ');
}

function printOne(diagnostic: Diagnostic, locate: Locate, paint: Paint): string {
  const severity = severityOf(diagnostic);
  const color = COLORS[severity];
  const [first, ...others] = diagnostic.places;
  const located = first === undefined ? undefined : locate(first);
  const where = located === undefined ? '' : `${paint('bold', whereOf(located))}: `;
  const message = withoutControls(diagnostic.message);
  const title = `${where}${paint(['bold', color], severity)}: ${message} ${paint('dim', `[${diagnostic.code}]`)}\n`;
  const frames = located === undefined ? '' : printFrame(located, first, color, paint);
  return title + frames + others.map((place) => printOther(place, locate, paint)).join('');
}

function printOther(place: Place, locate: Locate, paint: Paint): string {
  const located = locate(place);
  if (located === undefined) return '';
  const { note, ...unnoted } = place;
  return `${paint('bold', whereOf(located))}: ${note ?? 'also here'}\n${printFrame(located, unnoted, 'cyan', paint)}`;
}

function printFrame({ source, range }: Located, place: Place | undefined, color: Format, paint: Paint): string {
  if (source === undefined || range === undefined) return '';
  const rows = codeFrame(source, range).map(({ gutter, text, isUnderline }) => {
    const note = isUnderline && place?.note !== undefined ? ` ${place.note}` : '';
    const line = isUnderline ? paint(color, text + note) : text;
    return `  ${paint('dim', `${gutter} |`)} ${line}`.trimEnd() + '\n';
  });
  return rows.join('');
}

/** Why it matters and what to do; what is acknowledged needs neither, but says with which reason. */
function adviceOf({ why, remedy, acknowledged }: Diagnostic, paint: Paint): string {
  const line = (label: string, text: string): string => `  ${paint('dim', `${label}:`)} ${withoutControls(text)}\n`;
  if (acknowledged !== undefined) return line('acknowledged', acknowledged);
  return (why === undefined ? '' : line('why', why)) + line('fix', remedy);
}

function whereOf({ file, source, range }: Located): string {
  // A line feed in a file's name would begin another line of what tools read line by line.
  const name = withoutControls(file).replaceAll('\n', '\ufffd');
  if (source === undefined || range === undefined) return name;
  const { line, column } = positionOf(source, range[0]);
  return `${name}:${String(line)}:${String(column)}`;
}

function severityOf({ severity, acknowledged }: Diagnostic): Severity {
  return acknowledged === undefined ? severity : 'note';
}
