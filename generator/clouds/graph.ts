import { referencesIn, type Desired, type Key } from './resource.ts';

/** All that a resource waits for. */
export function needsOf({ spec, after }: Desired): Key[] {
  return [...new Set([...referencesIn(spec), ...after])];
}

/** Resources so that each comes behind what it needs; in the order given where that decides nothing. Throws at a circle. */
export function inOrder(desired: readonly Desired[]): Desired[] {
  const byKey = new Map(desired.map((one) => [one.key, one]));
  const done = new Set<Key>();
  const open = new Set<Key>();
  const ordered: Desired[] = [];
  const visit = (one: Desired): void => {
    if (done.has(one.key)) return;
    if (open.has(one.key)) throw new Error(`${one.key} needs itself`);
    open.add(one.key);
    for (const key of needsOf(one)) {
      const need = byKey.get(key);
      if (need !== undefined) visit(need);
    }
    open.delete(one.key);
    done.add(one.key);
    ordered.push(one);
  };
  desired.forEach(visit);
  return ordered;
}
