import { poll } from 'openstack-client-lite';
import type { Observed } from '../../resource.ts';
import type { Surroundings } from './kind.ts';

/** Something of the cloud that did not become what it was to be. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}

/** Milliseconds between two looks: each costs a service some of the time that it needs for the thing itself. */
const PAUSES = { first: 300, longest: 3000 };

/** What is known of how long something takes. */
export interface Expected {
  /** Milliseconds until the second look, where it takes less than most. */
  readonly first?: number;
  /** It has only just been begun: nobody looks before the first pause. */
  readonly isBegun?: boolean;
}

/** Waits until a resource is ready; a look may tell that it is not, and nothing more. Throws `Unsettled` when it fails, is gone, or takes too long. */
export async function settled<Item>(
  look: () => Promise<Observed<Item> | 'pending' | undefined>,
  { key }: { readonly key: string },
  { clock, patience, signal }: Surroundings,
  { first = PAUSES.first, isBegun = false }: Expected = {},
): Promise<Observed<Item>> {
  if (isBegun) await clock.sleep(first, signal);
  const options = { timeLimit: patience, ...PAUSES, first, signal };
  const isPending = (seen: Observed<Item> | 'pending'): boolean => seen === 'pending' || seen.state === 'pending';
  const seen = await poll(look, (one) => one === undefined || !isPending(one), clock, options);
  if (seen !== undefined && seen !== 'pending' && seen.state === 'ready') return seen;
  const seconds = String(Math.round(patience / 1000));
  throw new Unsettled(
    seen === undefined || seen === 'pending'
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

/** Milliseconds within which one look serves all who want to know the same. */
const SHARED = 250;

/** A look that many take at once, of which few are made. */
export function shared<Seen>(look: () => Promise<Seen>, { clock }: Pick<Surroundings, 'clock'>): () => Promise<Seen> {
  let last: { readonly from: number; readonly seen: Promise<Seen> } | undefined;
  return () => {
    const now = clock.now();
    if (last === undefined || now - last.from >= SHARED) last = { from: now, seen: look() };
    return last.seen;
  };
}
