/** A skip that is known and allowed, from a line of test/skips.md. */
export interface ListedSkip {
  /** `<file> › <full name>`; a `*` at its end stands for whatever follows. */
  readonly test: string;
  /** The environment variable without which the test is skipped; undefined: it is always skipped. */
  readonly without: string | undefined;
  readonly reason: string;
}

/** The rows of the table in test/skips.md: test, without, reason. A row that does not read throws. */
export function parseSkips(markdown: string): ListedSkip[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => {
    const [test = '', without = '', reason = '', ...more] = row.slice(1, -1).split(' | ').map(bare);
    if (!test.includes(' › ') || reason.length < 8 || more.length > 0 || !/^([A-Z_0-9]+|-)$/.test(without))
      throw new Error(
        `test/skips.md: this row is not "| \`<file> › <test>\` | \`<variable>\` or - | <reason> |": ${row}`,
      );
    return { test, without: without === '-' ? undefined : without, reason };
  });
}

/**
 * What is wrong with the skips of a run: one that is not listed, one that is listed and did not happen, one that
 * happened although what it waits for is there.
 */
export function skipProblems(
  skipped: readonly string[],
  listed: readonly ListedSkip[],
  isSet: (variable: string) => boolean,
): string[] {
  const expected = listed.filter(({ without }) => without === undefined || !isSet(without));
  return [
    ...skipped
      .filter((test) => !expected.some((skip) => covers(skip, test)))
      .map((test) => `skipped, and test/skips.md does not allow it here: ${test}`),
    ...expected
      .filter((skip) => !skipped.some((test) => covers(skip, test)))
      .map(({ test }) => `test/skips.md lists a skip that did not happen: ${test}`),
  ];
}

function covers({ test: listed }: ListedSkip, test: string): boolean {
  return listed.endsWith('*') ? test.startsWith(listed.slice(0, -1)) : test === listed;
}

/** A cell without blanks and without the backquotes around it. */
function bare(cell: string): string {
  return cell.trim().replace(/^`(.*)`$/, '$1');
}
