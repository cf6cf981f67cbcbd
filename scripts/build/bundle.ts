import { readFileSync } from 'node:fs';
import { build, type BuildResult, type Plugin } from 'esbuild';
import { assetModule, assetPattern } from './assets.ts';

const assets: Plugin = {
  name: 'assets',
  setup: (setup) => {
    setup.onLoad({ filter: assetPattern }, ({ path }) => ({ contents: assetModule(path), loader: 'js' }));
  },
};

const PRODUCT: Readonly<Record<string, string>> = {
  main: 'generator/main.ts',
  worker: 'generator/host/issuing-worker.ts',
};

/** The product with everything that it needs, in chunks that a command loads when it runs; or other programs on its sources. */
export function bundle(
  write: boolean,
  { outdir = 'dist', minify = true, entryPoints = PRODUCT } = {},
): Promise<BuildResult<{ metafile: true }>> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return build({
    entryPoints,
    outdir,
    write,
    metafile: true,
    bundle: true,
    splitting: true,
    minify,
    // No keepNames: it costs a call for every function that is made, a tenth of all time.
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // The workspaces are bundled from their sources.
    conditions: ['triskel-source'],
    // Of a package that is written both ways, its ES modules: what nobody imports of them is left out.
    mainFields: ['module', 'main'],
    plugins: [assets],
    define: { TRISKEL_VERSION: JSON.stringify(version) },
    // CommonJS packages are bundled with the rest and expect what an ES module does not have.
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module';",
        "import { fileURLToPath as __fileURLToPath } from 'node:url';",
        'const require = __createRequire(import.meta.url);',
        'const __filename = __fileURLToPath(import.meta.url);',
      ].join(' '),
    },
    // The texts of all licences lie beside the bundle in THIRD-PARTY.txt.
    legalComments: 'none',
    logLevel: 'warning',
  });
}
