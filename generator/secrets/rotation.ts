import { didYouMean } from '../base/suggestions.ts';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeAuthorities, makeStoredKey, type Issuing } from './making.ts';
import type { SecretsSpec } from './specs.ts';
import type { Authority, Store, Succession } from './store.ts';

/**
 * The three steps in which everybody's trust changes without a gap; after each of them every node gets its bundle.
 * introduce: the new one is trusted, the old one still issues. switch: the new one issues, the old one is still trusted.
 * retire: the old one is no longer trusted.
 */
export type Stage = 'introduce' | 'switch' | 'retire';

/** The step that comes next for a CA or a key pair. */
export function nextStage({ next, previous }: Succession<unknown>): Stage {
  if (next !== undefined) return 'switch';
  return previous === undefined ? 'introduce' : 'retire';
}

/**
 * One step for the CA or key pair `id`, or its replacement at once, without overlap, while no node runs. Leaves follow
 * by `ensureSecrets`. Errors: an id that is not in the store; a step that is not the next one.
 */
export async function rotate(
  spec: SecretsSpec,
  store: Store,
  id: string,
  change: Stage | 'at once',
  issuing: Issuing,
): Promise<Checked<Store>> {
  const caSpec = spec.cas.find((ca) => ca.id === id);
  const keySpec = spec.keyPairs.find((pair) => pair.id === id);
  const [ca, keyPair] = [store.cas[id], store.keyPairs[id]];
  if (caSpec !== undefined && ca !== undefined) {
    const wrong = outOfTurn(id, ca, change);
    if (wrong !== undefined) return wrong;
    const make = async (): Promise<Authority> => (await makeAuthorities([caSpec], issuing))[0] as Authority;
    return checked({ ...store, cas: { ...store.cas, [id]: await changed(ca, change, make) } });
  }
  if (keySpec !== undefined && keyPair !== undefined) {
    const wrong = outOfTurn(id, keyPair, change);
    if (wrong !== undefined) return wrong;
    const make = () => makeStoredKey(keySpec, issuing);
    return checked({ ...store, keyPairs: { ...store.keyPairs, [id]: await changed(keyPair, change, make) } });
  }
  const known = [...spec.cas, ...spec.keyPairs].map((each) => each.id);
  const text = `"${id}" is no CA or key pair of this cluster; there are ${known.join(', ')}.${didYouMean(id, known)}`;
  return refused(diagnostic('secrets/unknown-name', text));
}

function outOfTurn(id: string, entry: Succession<unknown>, change: Stage | 'at once'): Checked<Store> | undefined {
  const next = nextStage(entry);
  if (change === 'at once' || change === next) return undefined;
  const text = `${id}: "${change}" is not the step that comes next, which is "${next}"`;
  return refused(diagnostic('secrets/wrong-stage', text));
}

async function changed<T>(
  entry: Succession<T>,
  change: Stage | 'at once',
  make: () => Promise<T>,
): Promise<Succession<T>> {
  const { current, next } = entry;
  if (change === 'at once') return { current: await make() };
  if (change === 'introduce') return { current, next: await make() };
  return change === 'switch' && next !== undefined ? { current: next, previous: current } : { current };
}

function checked(value: Store): Checked<Store> {
  return { value, diagnostics: [] };
}

function refused(error: Diagnostic): Checked<Store> {
  return { value: undefined, diagnostics: [error] };
}
