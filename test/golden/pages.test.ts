/** `UPDATE_GOLDEN=1 npx vitest run test/golden` writes the pages anew and fails once, so that nobody updates unawares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { commandsPage } from './commands-page.ts';
import { combinationsPage } from './combinations-page.ts';
import { reviewPage } from './review-page.ts';
import { systemsPage } from './systems-page.ts';

test.each([
  ['docs/commands.md', commandsPage, '\n## secrets renew\n'],
  ['docs/review.md', reviewPage, '\n### review-two-etcd-members\n'],
  ['docs/combinations.md', combinationsPage, '\n## static-pods\n'],
  ['docs/systems.md', systemsPage, '\n## openstack-lbaas\n'],
])(
  '%s is what the program says',
  async (file, pageOf, part) => {
    const page = await format(await pageOf(), { ...(await resolveConfig(file)), filepath: file });
    if (process.env['UPDATE_GOLDEN'] === '1' && (!existsSync(file) || readFileSync(file, 'utf8') !== page)) {
      writeFileSync(file, page);
      throw new Error(`${file} was written. Read the differences.`);
    }
    expect(page).toContain(part);
    expect(readFileSync(file, 'utf8')).toBe(page);
  },
  120_000,
);
