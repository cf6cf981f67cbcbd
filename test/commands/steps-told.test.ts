/** Progress of a boot as it is seen: on a terminal (a pseudo-terminal of util-linux' script), without one, and by a program. */
import { describe, expect, test } from 'vitest';
import { run } from '../support/programs.ts';

const STEPS = 'node_modules/.bin/tsx --conditions=triskel-source test/support/terminal/steps.ts';
const ENDS = [
  'could not make server/master1',
  'made server/master0  (',
  'did not make member/master0',
  'demo: 1 step of 3 done',
];

/** What ends, in its order, in any output. */
function ends(output: string): string[] {
  return ENDS.map((text) => [text, output.indexOf(text)] as const)
    .filter(([, at]) => at >= 0)
    .sort(([, a], [, b]) => a - b)
    .map(([text]) => text);
}

describe('the steps of a boot', { timeout: 60_000 }, () => {
  test('on a terminal: a row for each that runs, whose seconds go on, and a line for each that has ended', () => {
    const { output } = run('script', ['--quiet', '--return', '--command', STEPS, '/dev/null'], {
      env: { TERM: 'xterm', CI: '' },
    });
    const seconds = [...output.matchAll(/ (\d+) s {2}server\/master0 {2}making/g)].map(([, text]) => Number(text));
    expect(new Set(seconds).size).toBeGreaterThanOrEqual(3);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(output).toMatch(/demo: 0 of 3 done in \d+ s/);
    expect(output).toMatch(/ 1 s {2}server\/master1 {2}making/);
    expect(ends(output)).toEqual(ENDS);
  });

  test('without a terminal: lines, and nothing that moves', () => {
    const { output } = run('sh', ['-c', STEPS]);
    expect(ends(output)).toEqual(ENDS);
    expect(output).not.toContain('\u001b');
    expect(output).not.toContain('making');
  });

  test('for programs: a line of JSON for each event, also on a terminal', () => {
    const { output } = run('script', ['--quiet', '--return', '--command', `${STEPS} --json`, '/dev/null'], {
      env: { TERM: 'xterm' },
    });
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ state, resource }) => [state, resource])).toEqual([
      ['begun', 'server/master0'],
      ['begun', 'server/master1'],
      ['failed', 'server/master1'],
      ['done', 'server/master0'],
      ['skipped', 'member/master0'],
      [undefined, undefined],
    ]);
    expect(lines.at(-1)).toMatchObject({ ok: false });
  });
});
