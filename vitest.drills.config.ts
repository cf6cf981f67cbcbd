import external from './vitest.external.config.ts';

/** The drills, whose milliseconds want the machine for themselves: `npx vitest run --config vitest.drills.config.ts`. */
export default {
  ...external,
  test: { ...external.test, include: ['test/drills/**/*.test.ts'], fileParallelism: false },
};
