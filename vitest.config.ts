import { defineConfig } from 'vitest/config';
import { assetModule, assetPattern } from './scripts/build/assets.ts';

export default defineConfig({
  plugins: [
    {
      name: 'assets',
      enforce: 'pre',
      load(id) {
        return assetPattern.test(id) && !id.includes('node_modules') ? assetModule(id) : undefined;
      },
    },
  ],
  define: { TRISKEL_VERSION: '"0.0.0-test"' },
  test: { include: ['test/**/*.test.ts', 'generator/*/test/**/*.test.ts'], pool: 'threads' },
});
