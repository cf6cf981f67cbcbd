/**
 * `npm run bench:boot`: how long a boot takes on the real services of scripts/openstack-lab, against what cannot take less and
 * against the commands that do the same; and what a boot of many nodes takes on the cloud in memory. Figures for people; nothing
 * is tested against them. `--part lab` or `--part memory` measures one of the two.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './build/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'triskel-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// What is measured is made of the product's sources, which only the bundler reads.
await bundle(true, {
  outdir: folder,
  minify: false,
  entryPoints: { bench: 'scripts/bench/boot/index.ts', 'one-by-one': 'scripts/bench/boot/one-by-one.ts' },
});
const { benchBoot } = (await import(
  pathToFileURL(join(folder, 'bench.js')).href
)) as typeof import('./bench/boot/index.ts');
await benchBoot(folder, process.argv.slice(2));
