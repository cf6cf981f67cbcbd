import { didYouMean } from '../base/suggestions.ts';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { valueId } from './ensure.ts';
import type { SecretsSpec } from './specs.ts';
import type { Store } from './store.ts';

/** What may stand in any file on a node without ending its place there, where a value has no pattern of its own. */
const HARMLESS = /^[A-Za-z0-9._~+/=:-]+$/;

/**
 * The store with a value that somebody entered. Errors, none of which repeats the value: a name that nobody enters, a
 * value that its places cannot take.
 */
export function enterValue(spec: SecretsSpec, store: Store, name: string, text: string): Checked<Store> {
  const known = spec.values.filter(({ from }) => from !== 'generated').map(valueId);
  const found = spec.values.find((value) => valueId(value) === name);
  if (found === undefined) {
    const list = known.length === 0 ? ' It has none.' : ` There are: ${known.join(', ')}.`;
    const text = `this cluster has no value "${name}" that is entered.${didYouMean(name, known)}${list}`;
    return refused(diagnostic('secrets/unknown-name', text));
  }
  if (found.from === 'generated') return refused(diagnostic('secrets/generated-value', `${name} is made at random`));
  const value = text.replace(/\r?\n$/, '');
  const wrong = (what: string): Checked<Store> =>
    refused(diagnostic('secrets/invalid-value', `what was entered for ${name} ${what}`));
  if (value === '') return wrong('is empty');
  if (value.length > found.maxLength) return wrong(`is longer than ${String(found.maxLength)} characters`);
  const pattern = found.pattern === undefined ? HARMLESS : new RegExp(`^(?:${found.pattern})$`, 'u');
  if (!pattern.test(value)) return wrong('has characters, or a form, that its places cannot take');
  return { value: { ...store, values: { ...store.values, [name]: { from: found.from, value } } }, diagnostics: [] };
}

function refused(error: Diagnostic): Checked<Store> {
  return { value: undefined, diagnostics: [error] };
}
