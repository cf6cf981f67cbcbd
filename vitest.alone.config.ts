import external from './vitest.external.config.ts';

/**
 * The tests that want the machine for themselves, for they measure milliseconds or look at what is left on it:
 * `npx vitest run --config vitest.alone.config.ts`.
 */
export default {
  ...external,
  test: { ...external.test, include: ['test/alone/**/*.test.ts'], fileParallelism: false },
};
