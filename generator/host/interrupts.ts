/** Signals by which people and systems end a program, and its exit code then (shells: 128 and the signal's number). */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const farewells = new Set<() => void>();
const stoppers = new Set<AbortController>();
let tasks = 0;
let pending: number | undefined;

/** Ends the program when it is asked to, but in the middle of an undisturbed task only when it is asked twice. */
export function obeyInterrupts(): void {
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if ((tasks === 0 && stoppers.size === 0) || pending !== undefined) leave(code);
      pending = code;
      for (const stopper of stoppers) stopper.abort();
    });
  }
}

/** Lets a task end that would leave something half done; whoever asked the program to end waits for it. */
export async function undisturbed<T>(task: () => Promise<T>): Promise<T> {
  tasks++;
  try {
    return await task();
  } finally {
    tasks--;
    if (tasks === 0 && stoppers.size === 0 && pending !== undefined) leave(pending);
  }
}

/**
 * Lets a long task end where nothing is half done: the first request to end the program aborts the signal, and the task sees to
 * the rest; the second ends the program at once.
 */
export async function stoppable<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  stoppers.add(controller);
  try {
    return await task(controller.signal);
  } finally {
    stoppers.delete(controller);
    if (stoppers.size === 0 && tasks === 0) pending = undefined;
  }
}

/** Has something done before an interrupted program ends; what comes back calls it off. */
export function beforeLeaving(farewell: () => void): () => void {
  farewells.add(farewell);
  return () => farewells.delete(farewell);
}

function leave(code: number): never {
  for (const farewell of farewells) farewell();
  process.exit(code);
}
