import { displayWidth } from './display-width.ts';
import { lineAt, positionOf, type SourceText } from './source-text.ts';

/** One row of a frame: a line of the file with its number, or the underline beneath it. */
export interface FrameRow {
  readonly gutter: string;
  readonly text: string;
  readonly isUnderline: boolean;
}

const TAB_STOP = 4;
/** Characters of a line that are shown at most, and how many of them stand before what is underlined. */
const LONGEST = 120;
const CONTEXT = 40;

/** The line before, the line, and carets beneath what `range` holds of it. */
export function codeFrame(source: SourceText, [start, end]: readonly [number, number]): FrameRow[] {
  const { line } = positionOf(source, start);
  const text = lineAt(source, line) ?? '';
  const from = Math.min(text.length, start - (source.lineStarts[line - 1] ?? 0));
  const to = Math.max(from, Math.min(text.length, from + end - start));
  const shown = cut(text, from, to);
  const before = line > 1 ? (lineAt(source, line - 1) ?? '') : '';
  const offset = displayWidth(printable(shown.text.slice(0, shown.from)));
  const carets = Math.max(1, displayWidth(printable(shown.text.slice(0, shown.to))) - offset);
  const gutterWidth = String(line).length;
  const row = (gutter: string, text: string, isUnderline = false): FrameRow => ({
    gutter: gutter.padStart(gutterWidth),
    text,
    isUnderline,
  });
  return [
    ...(before.trim() === '' ? [] : [row(String(line - 1), printable(cut(before, 0, 0).text))]),
    row(String(line), printable(shown.text)),
    row('', ' '.repeat(offset) + '^'.repeat(carets), true),
  ];
}

/** A long line's part around what is underlined, with an ellipsis where something was cut off. */
function cut(text: string, from: number, to: number): { text: string; from: number; to: number } {
  if (text.length <= LONGEST) return { text, from, to };
  const first = from < LONGEST - CONTEXT ? 0 : wholeCharacter(text, from - CONTEXT);
  const last = wholeCharacter(text, Math.min(text.length, first + LONGEST));
  const head = first === 0 ? '' : '…';
  const tail = last === text.length ? '' : '…';
  const shift = head.length - first;
  return {
    text: head + text.slice(first, last) + tail,
    from: from + shift,
    to: Math.min(to, last) + shift,
  };
}

/** The offset, or the one before it where it would cut a surrogate pair in two. */
function wholeCharacter(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff ? offset - 1 : offset;
}

/** Tabs become blanks up to their stop; what a terminal would obey and not show becomes a replacement character. */
function printable(text: string): string {
  const visible = withoutControls(text);
  if (!visible.includes('\t')) return visible;
  return visible.split('\t').reduce((line, part) => {
    const width = TAB_STOP - (displayWidth(line) % TAB_STOP);
    return line + ' '.repeat(width) + part;
  });
}

/** Control characters but tab and line feed, and marks that turn the direction of text, made visible. */
export function withoutControls(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    '\ufffd',
  );
}
