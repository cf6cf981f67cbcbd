import type { Key } from '../../../generator/clouds/resource.ts';

/** One step of a boot: how long it took (seconds), and what it waits for. */
export interface Timed {
  readonly key: Key;
  readonly seconds: number;
  readonly needs: readonly Key[];
  /** The step whose call makes it, too, and has all the time. */
  readonly with?: Key;
}

/** The chain of steps that takes longest: no order of them is done sooner. Steps come behind what they need. */
export function criticalPath(steps: readonly Timed[]): readonly Timed[] {
  const longest = new Map<Key, { readonly seconds: number; readonly chain: readonly Timed[] }>();
  for (const step of steps) {
    const before = longestOf(step.needs.flatMap((need) => longest.get(need) ?? []));
    longest.set(step.key, { seconds: before.seconds + step.seconds, chain: [...before.chain, step] });
  }
  return longestOf([...longest.values()]).chain;
}

interface Chain {
  readonly seconds: number;
  readonly chain: readonly Timed[];
}

function longestOf(chains: readonly Chain[]): Chain {
  return chains.reduce((a, b) => (b.seconds > a.seconds ? b : a), { seconds: 0, chain: [] });
}

export function total(steps: readonly Timed[]): number {
  return steps.reduce((sum, { seconds }) => sum + seconds, 0);
}
