import { poll } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import type { Surroundings } from './kind.ts';

/** Something of the cloud that did not become what it was to be. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/** Milliseconds between two looks: each costs a service some of the time that it needs for the thing itself. */
const PAUSES = { first: 300, longest: 3000 };

/**
 * Waits until a resource is ready; `first`: milliseconds until the second look, where it takes less than most. Throws `Unsettled`
 * when it fails, is gone, or takes too long.
 */
export async function settled<Item>(
  look: () => Promise<Observed<Item> | undefined>,
  { key }: { readonly key: string },
  { clock, patience, signal }: Surroundings,
  first = PAUSES.first,
): Promise<Observed<Item>> {
  const options = { timeLimit: patience, ...PAUSES, first, signal };
  const seen = await poll(look, (one) => one === undefined || one.state !== 'pending', clock, options);
  if (seen?.state === 'ready') return seen;
  const seconds = String(Math.round(patience / 1000));
  throw new Unsettled(
    seen === undefined
      ? `${key} did not become ready within ${seconds} s, or is gone`
      : `${key} failed: ${seen.detail}`,
  );
}

/** Waits until nothing is there any more. */
export async function gone(
  look: () => Promise<unknown>,
  { key }: { readonly key: string },
  { clock, patience, signal }: Surroundings,
): Promise<void> {
  const options = { timeLimit: patience, ...PAUSES, signal };
  const isGone = await poll(
    async () => (await look()) === undefined,
    (none) => none,
    clock,
    options,
  );
  if (isGone === undefined)
    throw new Unsettled(`${key} was still there after ${String(Math.round(patience / 1000))} s`);
}
