/**
 * One whole run of `triskel upgrade`, word for word: what a person reads before a cluster is upgraded.
 * `UPDATE_GOLDEN=1 npx vitest run test/golden` writes it anew and fails once.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { upgrade } from '../../generator/commands/upgrade.ts';
import { saidBy } from '../support/command.ts';

const EXPECTED = 'test/golden/expected/upgrade/large.txt';

test('a minor version, with etcd nodes of their own and the version in a fragment', async () => {
  const refuseUsage = (message: string): never => {
    throw new Error(message);
  };
  const { exitCode, out, err } = await saidBy(
    (context) => upgrade('test/golden/upgrades/large.yaml', { to: '1.35', dryRun: true }, context, refuseUsage),
    { output: 'output' },
  );
  const text = `$ triskel upgrade --to 1.35 --dry-run test/golden/upgrades/large.yaml\n${out}${err}`;
  const committed = existsSync(EXPECTED) ? readFileSync(EXPECTED, 'utf8') : '';
  if (process.env['UPDATE_GOLDEN'] === '1' && committed !== text) {
    mkdirSync(dirname(EXPECTED), { recursive: true });
    writeFileSync(EXPECTED, text);
    throw new Error(`${EXPECTED} was written. Read the differences.`);
  }
  expect(exitCode).toBe(0);
  expect(text).toBe(committed);
});
