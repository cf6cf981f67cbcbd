import config from './vitest.config.ts';

/** Random blueprints: `npx vitest run --config vitest.random.config.ts`. TRISKEL_SEED repeats a run, TRISKEL_RANDOM counts. */
export default {
  ...config,
  test: { ...config.test, include: ['test/random/**/*.test.ts'], exclude: [], disableConsoleIntercept: true },
};
