/** Waits for what a cloud does after it has answered. */
import type { Clock } from './time.ts';

export interface PollOptions {
  /** Milliseconds to wait in all. */
  readonly timeLimit: number;
  /** Milliseconds between the first two looks; each pause is a tenth longer than the one before. Default: 500. */
  readonly first?: number;
  /** Milliseconds between two looks at most. Default: 5,000. */
  readonly longest?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is waited for too long is a twentieth of all the time that it took, on average. */
const GROWTH = 1.1;

/**
 * Looks again and again until `done` says so, and gives what it saw last; undefined when the time is over. What `done` throws ends
 * the wait, and so does an aborted signal, with its reason.
 */
export async function poll<T>(
  look: () => Promise<T>,
  done: (seen: T) => boolean,
  clock: Clock,
  { timeLimit, first = 500, longest = 5_000, signal }: PollOptions,
): Promise<T | undefined> {
  const deadline = clock.now() + timeLimit;
  for (let pause = first; ; pause = Math.min(pause * GROWTH, longest)) {
    const seen = await look();
    if (done(seen)) return seen;
    if (clock.now() + pause > deadline) return undefined;
    await clock.sleep(pause, signal);
  }
}
