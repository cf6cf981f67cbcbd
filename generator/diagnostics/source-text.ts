import type { Place } from './diagnostic.ts';

/** A file's text with the offsets at which its lines begin. */
export interface SourceText {
  /** As the user named it. */
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** Where a place lies. Without `range` it is the file as a whole; without `source` its text is not at hand. */
export interface Located {
  readonly file: string;
  readonly source?: SourceText;
  /** Character offsets [start, end) in the source. */
  readonly range?: readonly [number, number];
}

/** Finds a place when a diagnostic is printed; undefined for a place that lies in no file. */
export type Locate = (place: Place) => Located | undefined;

/** Line and column as people and editors count them: from 1, in characters, the byte order mark not counted. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function sourceText(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lineStarts.push(end + 1);
  return { file, text, lineStarts };
}

export function positionOf(source: SourceText, offset: number): Position {
  const line = lineIndex(source, offset);
  const before = source.text.slice(source.lineStarts[line], offset).replace(/^\ufeff/, '');
  return { line: line + 1, column: Array.from(before).length + 1 };
}

/** A line's text without its line end, lines counted from 1; undefined beyond the first and the last. */
export function lineAt(source: SourceText, line: number): string | undefined {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return undefined;
  const end = source.lineStarts[line] ?? source.text.length;
  return source.text.slice(start, end).replace(/\r?\n$/, '');
}

function lineIndex({ lineStarts }: SourceText, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
