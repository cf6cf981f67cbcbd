import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startLab, type Lab } from '../../../generator/host/lab/lab.ts';
import { makeMirror, type Mirror } from '../../../generator/host/lab/mirror.ts';

/**
 * A lab of a test's own with a mirror on its only address, which nodes reach by http and https. It ends with this
 * program. `given`: files by their upstream URL, which nodes get instead of what the lab has.
 */
export async function startTestLab(
  name: string,
  gateway: string,
  given: Readonly<Record<string, string>> = {},
): Promise<{ lab: Lab; mirror: Mirror }> {
  const lab = await startLab(`test-${name}`, [`${gateway}/24`]);
  if (lab === undefined) throw new Error(`the lab test-${name} is running already`);
  const own = join(lab.folder, 'given');
  for (const [url, text] of Object.entries(given)) {
    const file = join(own, url.replace(/^https:\/\//, ''));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const mirror = await makeMirror(join(lab.folder, 'mirror'), {
    addresses: [gateway],
    suites: ['trixie', 'bookworm'],
    own,
  });
  await mirror.serve(lab);
  return { lab, mirror };
}
