/** Progress of a boot on a real terminal: a pseudo-terminal of util-linux' script. */
import { describe, expect, test } from 'vitest';
import { run } from '../support/programs.ts';

const STEPS = 'node_modules/.bin/tsx --conditions=triskel-source test/support/terminal/steps.ts';

/** ora moves nothing where CI is set, even to nothing. */
function onTerminal(command: string): string {
  const pty = ['--quiet', '--return', '--command', `stty cols 100 rows 30; ${command}`, '/dev/null'];
  return run('env', ['-u', 'CI', 'TERM=xterm', 'script', ...pty]).output;
}

describe('the steps of a boot', { timeout: 60_000 }, () => {
  test('on a terminal: a row for each that runs, whose seconds go on, and a line for each that has ended', () => {
    const output = onTerminal(STEPS);
    const seconds = [...output.matchAll(/ (\d+) s {2}server\/master0 {2}making/g)].map(([, text]) => Number(text));
    expect(new Set(seconds).size).toBeGreaterThanOrEqual(3);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(output).toMatch(/demo: 0 of 2 done in \d+ s/);
    expect(output).toMatch(/ s {2}server\/master1 {2}making/);
    // Rows are drawn over, and what has ended stays.
    expect(output).toContain('\u001b[1A');
    const [first = -1, second = -1, last = -1] = [
      / made server\/master1 {2}\(/,
      / made server\/master0 {2}\(/,
      /demo: 2 steps of 2 done in/,
    ].map((pattern) => output.search(pattern));
    expect([first > 0, second > first, last > second]).toEqual([true, true, true]);
  });

  test('for programs: a line of JSON for each event, also on a terminal', () => {
    const lines = onTerminal(`${STEPS} --json`).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { state?: string }).state)).toEqual([
      'begun',
      'begun',
      'done',
      'done',
      undefined,
    ]);
  });
});
