import { dirname, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { assetModule, assetPattern } from './scripts/build/assets.ts';

export default defineConfig({
  plugins: [
    {
      name: 'assets',
      enforce: 'pre',
      // Vite reads *.json by itself; a suffix of our own keeps it from that.
      resolveId(source, importer) {
        const isAsset = assetPattern.test(source) && source.startsWith('.') && importer !== undefined;
        return isAsset ? `${resolve(dirname(importer), source)}.asset.js` : undefined;
      },
      load(id) {
        return id.endsWith('.asset.js') ? assetModule(id.slice(0, -'.asset.js'.length)) : undefined;
      },
    },
  ],
  // The workspaces run from their sources.
  resolve: { conditions: ['triskel-source', 'node'] },
  ssr: { resolve: { conditions: ['triskel-source', 'node', 'import', 'module', 'default'] } },
  define: { TRISKEL_VERSION: '"0.0.0-test"' },
  test: {
    include: ['test/**/*.test.ts', 'generator/*/test/**/*.test.ts'],
    exclude: ['test/alone/**', 'test/external/**', 'test/openstack-lab/**', 'test/random/**'],
    // A busy machine takes its time; what waits for something has a time-out of its own.
    testTimeout: 60_000,
    pool: 'threads',
    // The sources are loaded once for each worker and not for each file, which was a quarter of all time. They keep no state but
    // what is remembered of pure functions, and a test that sets something (a variable, a fake clock) takes it back.
    isolate: false,
    // By default a core is left to others, which on two cores is half of them.
    maxWorkers: 2,
  },
});
