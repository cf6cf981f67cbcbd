/**
 * `npm run build`: assets and sources → dist/, and the published schema files.
 * `npm run build -- --check` writes nothing and fails when a published file is stale.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import { assetModule, assetPattern } from './build/assets.ts';
import { publishedFiles } from './build/schema.ts';

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

const assets: Plugin = {
  name: 'assets',
  setup({ onLoad }) {
    onLoad({ filter: assetPattern }, ({ path }) => ({ contents: assetModule(path), loader: 'js' }));
  },
};

if (!check) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  rmSync('dist', { recursive: true, force: true });
  await build({
    entryPoints: { main: 'generator/main.ts', worker: 'generator/host/issuing-worker.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [assets],
    define: { TRISKEL_VERSION: JSON.stringify(version) },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
