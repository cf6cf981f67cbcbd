import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { readAtMost, unreadable } from './files.ts';

const MEGABYTE = 1024 * 1024;
const MAX_LOG = 64 * MEGABYTE;
/** Of so much of a log, so many characters that no console writes make it another thing than a log. */
const SAMPLE = 64 * 1024;
const MOST_ODD = 0.1;

/**
 * The log in a file, or on standard input for `-`. What is not UTF-8 in it is replaced: a serial line may garble a
 * character. Errors: unreadable, empty, too large, no text.
 */
export function readConsoleLog(file: string): Checked<string> {
  const name = file === '-' ? 'standard input' : file;
  const refuse = (code: Parameters<typeof diagnostic>[0], message: string): Checked<string> => ({
    value: undefined,
    diagnostics: [diagnostic(code, message, [{ file: name }])],
  });
  let bytes: Uint8Array | undefined;
  try {
    bytes = readAtMost(file === '-' ? 0 : file, MAX_LOG);
  } catch (error) {
    return refuse('parse/unreadable', unreadable(file, error));
  }
  if (bytes === undefined) return refuse('console/too-large', 'the log has more than 64 MiB');
  const text = new TextDecoder().decode(bytes);

  if (/^[\s\0]*$/.test(text)) return refuse('console/empty-log', 'the log is empty');
  const sample = text.slice(0, SAMPLE);
  // eslint-disable-next-line no-control-regex -- all but what moves a terminal's cursor
  const odd = sample.match(/[\x01-\x06\x0e-\x1a\x1c-\x1f\x7f\ufffd]/g)?.length ?? 0;
  if (odd > sample.length * MOST_ODD) return refuse('console/not-a-log', 'this is no text');
  return { value: text, diagnostics: [] };
}
