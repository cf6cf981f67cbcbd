/** What the runners of `.ci/run` have to say, read from their own reports and never from what they print. */

/** How one runner ended. */
export interface RunnerResult {
  readonly name: string;
  /** A test runner writes a report; any other command counts as one test. */
  readonly kind: 'vitest' | 'command';
  readonly exitCode: number;
  /** The text of vitest's JSON report; undefined when it wrote none. */
  readonly report?: string | undefined;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** `<file> › <full name>` of every test that did not run. */
  readonly skipped: readonly string[];
  /** What failed besides tests that say so themselves. */
  readonly problems: readonly string[];
}

/** vitest --reporter=json, as far as it is read here: https://vitest.dev/guide/reporters.html#json-reporter */
interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Counts one runner. Whatever is not plainly a success is a failure: no report, an unknown state, an exit code. */
export function tally({ name, kind, exitCode, report }: RunnerResult, root: string): Tally {
  if (kind === 'command') {
    const problems = exitCode === 0 ? [] : [`${name} ended with exit code ${String(exitCode)}`];
    return { passed: 1 - problems.length, failed: problems.length, skipped: [], problems };
  }
  const parsed = parseReport(report);
  if (parsed === undefined) {
    const problem = `${name} left no report (exit code ${String(exitCode)})`;
    return { passed: 0, failed: 1, skipped: [], problems: [problem] };
  }
  const counts = { passed: 0, failed: 0 };
  const skipped: string[] = [];
  const problems: string[] = [];
  const fail = (problem: string): void => {
    counts.failed++;
    problems.push(problem);
  };
  for (const file of parsed.testResults) {
    const path = file.name.startsWith(`${root}/`) ? file.name.slice(root.length + 1) : file.name;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') counts[status]++;
      else if (['skipped', 'todo', 'disabled'].includes(status)) skipped.push(`${path} › ${fullName}`);
      else fail(`${path} › ${fullName} ended as "${status}"`);
    }
    if (file.status !== 'passed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      fail(`${path} failed as a whole: ${file.message?.split('\n')[0] ?? ''}`);
  }
  if (counts.passed + counts.failed + skipped.length === 0) fail(`${name} ran no test`);
  if (counts.failed === 0 && (exitCode !== 0 || !parsed.success))
    fail(`${name} ended with exit code ${String(exitCode)}, and no test of it says why`);
  return { ...counts, skipped, problems };
}

/** All runners together, with the skips that nobody allowed and the allowances that nobody needs as failures. */
export function total(tallies: readonly Tally[], skipProblems: readonly string[]): { line: string; ok: boolean } {
  const sum = (count: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + count(tally), 0);
  const failed = sum((t) => t.failed) + skipProblems.length;
  const [passed, skipped] = [sum((t) => t.passed), sum((t) => t.skipped.length)];
  const line = `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
  return { line, ok: failed === 0 && passed > 0 };
}

function parseReport(text: string | undefined): VitestReport | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<VitestReport>;
    return Array.isArray(value.testResults) ? (value as VitestReport) : undefined;
  } catch {
    return undefined;
  }
}
