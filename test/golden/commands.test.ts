/** `UPDATE_GOLDEN=1 npx vitest run test/golden` writes the page anew and fails once, so that nobody updates unawares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandsPage } from './commands-page.ts';

const PAGE = 'docs/commands.md';

test('docs/commands.md is what --help says of every command', () => {
  const page = commandsPage();
  if (process.env['UPDATE_GOLDEN'] === '1' && (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page)) {
    writeFileSync(PAGE, page);
    throw new Error(`${PAGE} was written. Read the differences.`);
  }
  expect(page).toContain('\n## secrets renew\n');
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
