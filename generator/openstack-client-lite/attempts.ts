/** When a call is made again, and when it is not. */
import { CloudError } from './errors.ts';
import type { Clock } from './time.ts';

export interface Patience {
  /** How often a call is made at most. */
  readonly attempts: number;
  /** Milliseconds for a call with all its attempts. */
  readonly timeLimit: number;
  /** A server that asks for a longer pause (milliseconds) is not waited for. */
  readonly longestPause: number;
}

export const PATIENCE: Patience = { attempts: 6, timeLimit: 300_000, longestPause: 60_000 };

/**
 * How often a server is called that has never answered and to which no connection comes about: its URL may be wrong, and somebody
 * waits to be told. keystoneauth calls once (`connect_retries` of its Session is 0); the two more, within 1.5 seconds, are for a
 * server that begins just now.
 */
const STRANGER = 3;

/** Told before a pause. */
export type OnRetry = (error: CloudError, milliseconds: number) => void;

export interface Attempts<T> {
  readonly once: () => Promise<T>;
  /** True where making the call twice has the effect of making it once. */
  readonly repeatable: boolean;
  /** Asked before a call that is not repeatable, and may have had its effect, is made again. */
  readonly existing?: (() => Promise<T | undefined>) | undefined;
  /** True where the server has never answered. */
  readonly isStranger?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: OnRetry | undefined;
}

/**
 * Makes the call until it succeeds, or fails for good: with a `CloudError` that another attempt would not change, after the last
 * attempt or past the time limit, or when it may have had its effect and nobody can tell (`mayHaveHappened`).
 */
export async function persist<T>(call: Attempts<T>, clock: Clock, patience: Patience): Promise<T> {
  const { once, repeatable, existing, isStranger = false, signal, onRetry } = call;
  const deadline = clock.now() + patience.timeLimit;
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      // What the call needed before it, its token, has had attempts of its own.
      if (!(error instanceof CloudError) || error.attempts > 0) throw error;
      error.attempts = attempt;
      const most = isStranger && error.unconnected ? Math.min(STRANGER, patience.attempts) : patience.attempts;
      const mayRepeat = repeatable || !error.mayHaveHappened || existing !== undefined;
      const pause = mayRepeat && error.retryable ? pauseAfter(error, attempt, clock.now()) : undefined;
      if (pause === undefined || pause > patience.longestPause) throw error;
      if (attempt >= most || clock.now() + pause > deadline) throw error;
      onRetry?.(error, pause);
      await sleep(clock, pause, error, signal);
      const found = error.mayHaveHappened && !repeatable ? await existing?.() : undefined;
      if (found !== undefined) return found;
    }
  }
}

/** What the server asks for (RFC 9110, Retry-After: seconds or a date), or 0.5, 1, 2, 4, 8 … seconds. */
function pauseAfter({ retryAfter }: CloudError, attempt: number, now: number): number {
  const own = 500 * 2 ** (attempt - 1);
  if (retryAfter === undefined) return own;
  const asked = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isNaN(asked) ? own : Math.max(asked, 0);
}

async function sleep(clock: Clock, pause: number, error: CloudError, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(pause, signal);
  } catch (cause) {
    const { call, mayHaveHappened, requestId } = error;
    throw new CloudError(call, { kind: 'aborted', detail: 'it was stopped', mayHaveHappened, requestId, cause });
  }
}
