import { valueId } from './ensure.ts';
import { holeId, inBase64, type Hole } from './holes.ts';
import { shortKey } from './elliptic.ts';
import type { SecretsSpec } from './specs.ts';
import { trusted, type Store } from './store.ts';

/**
 * What the store has for a hole (the parts are those of specs.ts), without a line feed at its end; undefined: nothing. A CA's
 * key is given for those of `caKeys` alone.
 */
export function fillFrom(store: Store, caKeys: SecretsSpec['caKeys'] = []): (hole: Hole) => string | undefined {
  return inBase64((hole) => {
    const { name, part } = hole;
    const ca = own(store.cas, name);
    if (ca !== undefined) {
      if (part === 'cert') return ca.current.cert;
      if (part === 'key' && caKeys.some((id) => id === name)) return shortKey(ca.current.key);
      return part === 'bundle' ? joined(trusted(ca).map(({ cert }) => cert)) : undefined;
    }
    const keyPair = own(store.keyPairs, name);
    if (keyPair !== undefined) {
      if (part === 'key') return shortKey(keyPair.current.key);
      return part === 'public' ? joined(trusted(keyPair).map((pair) => pair.public)) : undefined;
    }
    const leaf = own(store.certificates, name);
    if (leaf !== undefined && part === 'cert') return leaf.cert;
    if (leaf !== undefined && part === 'key') return shortKey(leaf.key);
    return own(store.values, holeId(hole))?.value;
  });
}

/** What will fill a hole, for a message; undefined when nothing ever will. */
export function describeHole(spec: SecretsSpec, hole: Hole): string | undefined {
  const value = spec.values.find((each) => valueId(each) === holeId(hole));
  if (value !== undefined) {
    const set = `\`triskel secrets set <blueprint> ${valueId(value)}\``;
    const by = {
      generated: 'filled by `triskel generate`',
      operator: `filled by ${set}`,
      cloud: `known once the cloud’s side is made, then filled by ${set}`,
    }[value.from];
    return `${value.title}: ${by}`;
  }
  const known = [...spec.cas, ...spec.keyPairs, ...spec.certificates].some(({ id }) => id === hole.name);
  return known ? 'filled by `triskel generate`' : undefined;
}

/** Several PEMs of one file. */
function joined(pems: readonly string[]): string {
  return pems.join('\n');
}

/** A hole's name may be any word, "constructor" too. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
