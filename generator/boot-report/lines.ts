/** A line of a console's log. */
export interface LogLine {
  /** Counted from 1. */
  readonly number: number;
  /** Without what a terminal obeys and does not show. */
  readonly text: string;
}

/** Control sequences of terminals (ECMA-48, 5.4; OSC as xterm has it), then any other control character but the tab. */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1f\x7f]/g;

/** Longer ones are cut: what is looked for stands at the beginning of a line, behind a prompt at most. */
const LONGEST = 8192;

/** What a terminal shows of a line. */
export function shownText(line: string): string {
  return line.slice(0, LONGEST).replace(CONTROLS, '');
}

/**
 * The lines of a log, one at a time: a log may be long. What is drawn over itself (systemd's running time of a job) gives
 * several lines of one number.
 */
export function* logLines(log: string): Generator<LogLine, undefined> {
  let start = 0;
  for (let number = 1; start < log.length; number++) {
    const found = log.indexOf('\n', start);
    const end = found === -1 ? log.length : found;
    for (const part of log.slice(start, end).split('\r')) {
      const text = shownText(part);
      if (text.trim() !== '') yield { number, text };
    }
    start = end + 1;
  }
}
