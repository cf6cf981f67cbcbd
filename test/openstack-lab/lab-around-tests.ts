/**
 * The lab around all tests of a run (vitest's globalSetup). It is one for all files, so that each leaves it as it was; none of them
 * needs it fresh.
 */
import { LAB, startLab } from '../support/openstack/lab.ts';

/** Gives what stops it. Where nobody has installed it, the tests are skipped. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  return LAB === undefined ? undefined : await startLab();
}
