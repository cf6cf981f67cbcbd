import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tally, total, type RunnerResult } from '../../scripts/ci/report.ts';
import { parseSkips, skipProblems } from '../../scripts/ci/skips.ts';

/** A report as vitest writes it, of one file with tests that ended so. */
function report(statuses: readonly string[], more: object = {}, success = !statuses.includes('failed')): string {
  const assertionResults = statuses.map((status, index) => ({ status, fullName: `test ${String(index)}` }));
  const status = success ? 'passed' : 'failed';
  return JSON.stringify({
    success,
    testResults: [{ name: '/root/test/a.test.ts', status, assertionResults, ...more }],
  });
}
const vitest = (exitCode: number, text?: string): RunnerResult => ({
  name: 'unit',
  kind: 'vitest',
  exitCode,
  report: text,
});
const count = (runner: RunnerResult): [number, number, number] => {
  const { passed, failed, skipped } = tally(runner, '/root');
  return [passed, failed, skipped.length];
};

describe('a runner', () => {
  test.each<[string, RunnerResult, [number, number, number]]>([
    ['of tests that pass', vitest(0, report(['passed', 'passed'])), [2, 0, 0]],
    ['with tests that fail', vitest(1, report(['passed', 'failed', 'failed'])), [1, 2, 0]],
    ['with skips', vitest(0, report(['passed', 'skipped', 'todo'])), [1, 0, 2]],
    ['that crashed before it wrote a report', vitest(139), [0, 1, 0]],
    ['that left half a report', vitest(1, report(['passed']).slice(0, -5)), [0, 1, 0]],
    ['that left something else', vitest(0, '[]'), [0, 1, 0]],
    [
      'whose file could not be loaded',
      vitest(1, report([], { status: 'failed', message: 'cannot import\nstack' }, false)),
      [0, 1, 0],
    ],
    [
      'whose file failed around tests that passed',
      vitest(1, report(['passed'], { status: 'failed', message: 'afterAll' }, false)),
      [1, 1, 0],
    ],
    ['that passed and ended badly', vitest(1, report(['passed'])), [1, 1, 0]],
    ['that ended well and says it did not', vitest(0, report(['passed'], { status: 'passed' }, false)), [1, 1, 0]],
    ['with a test in an unknown state', vitest(1, report(['passed', 'pending'])), [1, 1, 0]],
    ['that ran nothing', vitest(0, report([])), [0, 1, 0]],
    ['that is a command and succeeds', { name: 'lint', kind: 'command', exitCode: 0 }, [1, 0, 0]],
    ['that is a command and fails', { name: 'lint', kind: 'command', exitCode: 2 }, [0, 1, 0]],
  ])('%s', (_what, runner, expected) => {
    expect(count(runner)).toEqual(expected);
  });

  test('names its skips from the root', () => {
    expect(tally(vitest(0, report(['skipped'])), '/root').skipped).toEqual(['test/a.test.ts › test 0']);
  });
});

describe('the sum', () => {
  const one = tally(vitest(0, report(['passed', 'skipped'])), '/root');
  const other = tally({ name: 'lint', kind: 'command', exitCode: 0 }, '/root');

  test('is over all runners', () => {
    expect(total([one, other], [])).toEqual({ line: '2 passed, 0 failed, 1 skipped', ok: true });
  });
  test('counts what is wrong with the skips', () => {
    expect(total([one, other], ['a', 'b'])).toEqual({ line: '2 passed, 2 failed, 1 skipped', ok: false });
  });
  test('of nothing is no success', () => {
    expect(total([], []).ok).toBe(false);
  });
});

describe('test/skips.md', () => {
  const head = '# Skips\n\nWords | with bars.\n\n| test | without | reason |\n| --- | --- | --- |\n';
  const listed = parseSkips(
    `${head}| \`a.ts › one\` | - | it is only for macOS |\n| \`b.ts › all *\` | \`DATA\` | needs upstream's data |\n`,
  );

  test('is a table of test, variable and reason', () => {
    expect(listed).toEqual([
      { test: 'a.ts › one', without: undefined, reason: 'it is only for macOS' },
      { test: 'b.ts › all *', without: 'DATA', reason: "needs upstream's data" },
    ]);
  });
  test.each([
    '| a.ts | - | no test is named here |',
    '| a.ts › b | - | short |',
    '| a.ts › b | lower | a good reason |',
  ])('has no row such as %s', (row) => {
    expect(() => parseSkips(head + row)).toThrow('test/skips.md');
  });

  const happened = ['a.ts › one', 'b.ts › all the first', 'b.ts › all the second'];
  test.each<[string, string[], boolean, string[]]>([
    ['as listed', happened, false, []],
    ['not listed', [...happened, 'c.ts › x'], false, ['skipped, and test/skips.md does not allow it here: c.ts › x']],
    [
      'listed that did not happen',
      ['a.ts › one'],
      false,
      ['test/skips.md lists a skip that did not happen: b.ts › all *'],
    ],
    ['not needed, what it waits for being there', ['a.ts › one'], true, []],
    [
      'made although what it waits for is there',
      happened.slice(0, 2),
      true,
      ['skipped, and test/skips.md does not allow it here: b.ts › all the first'],
    ],
  ])('a skip %s', (_what, skipped, set, problems) => {
    expect(skipProblems(skipped, listed, () => set)).toEqual(problems);
  });
});

describe('real vitest', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'triskel-report-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('writes what is read here', () => {
    writeFileSync(
      join(folder, 'a.test.mjs'),
      `import { test } from '${join(process.cwd(), 'node_modules/vitest/dist/index.js')}';
       test('good', () => {}); test('bad', () => { throw new Error('no'); }); test.skip('left', () => {}); test.todo('later');`,
    );
    writeFileSync(join(folder, 'b.test.mjs'), 'throw new Error("whole file");');
    const json = join(folder, 'out.json');
    const args = ['vitest', 'run', '--root', folder, '--reporter=json', `--outputFile.json=${json}`];
    const { status } = spawnSync('npx', args, { stdio: 'ignore' });
    expect(status).toBe(1);
    const text = readFileSync(json, 'utf8');
    expect(count({ name: 'real', kind: 'vitest', exitCode: status ?? 0, report: text })).toEqual([1, 2, 2]);
  });

  test('is summed with the other runners, on the last line', () => {
    writeFileSync(join(folder, '1-unit.vitest'), '0\n');
    writeFileSync(join(folder, '1-unit.json'), report(['passed', 'passed']));
    writeFileSync(join(folder, '2-lint.command'), '1\n');
    writeFileSync(join(folder, '3-begun.vitest'), '');
    const { stdout, status } = spawnSync('npx', ['tsx', 'scripts/ci/sum.ts', folder], { encoding: 'utf8' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^2 passed, [0-9]+ failed, 0 skipped$/);
    expect(stdout).toContain('problem: 2-lint ended with exit code 1');
    expect(stdout).toContain('problem: 3-begun left no report (exit code 255)');
    expect(status).toBe(1);
  });
});
