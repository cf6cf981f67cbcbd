import config from './vitest.config.ts';

/** The tests with real programs, which `.ci/run` installs: `npx vitest run --config vitest.external.config.ts`. */
export default {
  ...config,
  test: {
    ...config.test,
    include: ['test/external/**/*.test.ts'],
    exclude: [],
    // Each file starts and stops programs of its own, and some of what helps them to keeps account of it.
    isolate: true,
    // Two at a time, as there are processors: much of it is waiting. Hosts and machines have namespaces of their own.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};
