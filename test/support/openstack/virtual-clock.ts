/**
 * A clock that stands still while anything runs, and jumps to the next sleeper's time when everything sleeps: what would take
 * minutes takes a moment, and things that go on side by side take as long as the longest of them.
 */
import type { Clock } from 'openstack-client-lite';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function virtualClock(start = Date.UTC(2026, 0)): Clock {
  let now = start;
  let isScheduled = false;
  const sleepers: Sleeper[] = [];
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    // After all that is ready to run has run.
    setImmediate(() => {
      isScheduled = false;
      const next = sleepers.shift();
      if (next === undefined) return;
      now = Math.max(now, next.at);
      next.wake();
      if (sleepers.length > 0) schedule();
    });
  };
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(new Error('stopped'));
        if (signal?.aborted === true) {
          stop();
          return;
        }
        signal?.addEventListener('abort', stop, { once: true });
        const wake = (): void => {
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        sleepers.push({ at: now + milliseconds, wake });
        sleepers.sort((a, b) => a.at - b.at);
        schedule();
      }),
  };
}
