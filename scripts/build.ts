/**
 * `npm run build`: assets and sources → dist/, and the published schema files.
 * `npm run build -- --check` writes no published file, and fails before it makes dist/ when one is stale.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundle } from './build/bundle.ts';
import { publishedFiles } from './build/schema.ts';
import { bundledPackages, thirdPartyText } from './build/third-party.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const { path, content } of await publishedFiles()) {
  if (readIfThere(path) === content) continue;
  stale.push(path);
  if (!check) writeFileSync(path, content);
}
if (check && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}\nRun \`npm run build\` and commit what it changes.`);
  process.exit(1);
}

rmSync('dist', { recursive: true, force: true });
const { metafile } = await bundle(true);
writeFileSync('dist/THIRD-PARTY.txt', thirdPartyText(bundledPackages(metafile)));

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
