import external from './vitest.external.config.ts';

/**
 * The tests that want the machine for themselves, for they measure milliseconds, look at what is left on it, or build the program
 * that others run: `npx vitest run --config vitest.alone.config.ts`.
 */
export default {
  ...external,
  test: { ...external.test, include: ['test/alone/**/*.test.ts'], fileParallelism: false },
};
