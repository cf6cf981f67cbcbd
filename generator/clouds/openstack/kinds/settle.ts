import { poll } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import type { Surroundings } from './kind.ts';

/** Something of the cloud that did not become what it was to be. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/** Milliseconds between two looks: what changes at once is soon seen, and what takes minutes is not asked for all the time. */
const PAUSES = { first: 100, longest: 3000 };

/** Waits until a resource is ready. Throws `Unsettled` when it fails, is gone, or takes too long. */
export async function settled<Item>(
  look: () => Promise<Observed<Item> | undefined>,
  { key }: { readonly key: string },
  { clock, patience, signal }: Surroundings,
): Promise<Observed<Item>> {
  const seen = await poll(look, (one) => one === undefined || one.state !== 'pending', clock, {
    timeLimit: patience,
    ...PAUSES,
    signal,
  });
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
