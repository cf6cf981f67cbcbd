/**
 * The end of `.ci/run`: `tsx scripts/ci/sum.ts <folder>`. The folder has a file `<name>.<kind>` with the exit code of
 * every runner that was begun, and `<name>.json` where one wrote a report. The last line is the sum.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tally, total } from './report.ts';
import { parseSkips, skipProblems } from './skips.ts';

const [folder = ''] = process.argv.slice(2);
const read = (name: string): string | undefined =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;

const runners = readdirSync(folder)
  .filter((name) => /\.(vitest|command)$/.test(name))
  .sort();
const tallies = runners.map((file) => {
  const name = file.replace(/\.[a-z]+$/, '');
  const kind = file.endsWith('.vitest') ? 'vitest' : 'command';
  const exitCode = Number.parseInt(read(file) ?? '', 10);
  // A runner that was begun and never ended has an empty file.
  return tally(
    { name, kind, exitCode: Number.isNaN(exitCode) ? 255 : exitCode, report: read(`${name}.json`) },
    process.cwd(),
  );
});
const skips = skipProblems(
  tallies.flatMap(({ skipped }) => skipped),
  parseSkips(readFileSync('test/skips.md', 'utf8')),
  (variable) => (process.env[variable] ?? '') !== '',
);
const { line, ok } = total(tallies, skips);
for (const [index, { passed, failed, skipped }] of tallies.entries())
  console.log(
    `${runners[index] ?? ''}: ${String(passed)} passed, ${String(failed)} failed, ${String(skipped.length)} skipped`,
  );
for (const problem of [...tallies.flatMap(({ problems }) => problems), ...skips]) console.log(`problem: ${problem}`);
console.log(line);
process.exitCode = ok ? 0 : 1;
