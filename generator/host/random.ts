import { randomInt } from 'node:crypto';

/** The same elements in an order of chance. */
export function shuffled<T>(elements: readonly T[]): T[] {
  const left = [...elements];
  return elements.map(() => left.splice(randomInt(left.length), 1)[0] as T);
}
