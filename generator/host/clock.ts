/** Starts to count; each call gives the seconds since then. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

/** The machine's time. */
export function now(): Date {
  return new Date();
}

/** Lets so many milliseconds pass. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Seconds since 1970, as other programs of this machine count them. */
export function epochSeconds(): number {
  return Date.now() / 1000;
}
