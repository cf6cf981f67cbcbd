import external from './vitest.external.config.ts';

/**
 * The tests with a real OpenStack, which is started once for all of them and has one state: `npx vitest run --config vitest.openstack-lab.config.ts`,
 * or with a file's name behind it for one of them.
 */
export default {
  ...external,
  test: {
    ...external.test,
    include: ['test/openstack-lab/**/*.test.ts'],
    fileParallelism: false,
    globalSetup: 'test/openstack-lab/lab-around-tests.ts',
  },
};
