import { didYouMean } from '../base/suggestions.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { daysLeft } from './expiry.ts';
import type { SecretsSpec } from './specs.ts';
import type { Store } from './store.ts';

/** Which leaves are to be renewed. */
export type Selection =
  | { readonly by: 'all' }
  | { readonly by: 'id'; readonly ids: readonly string[] }
  | { readonly by: 'node'; readonly node: string }
  | { readonly by: 'days'; readonly days: number };

/** The ids that a selection means, for `ensureSecrets` to renew. Error: an id or a node that is not there. */
export function selectLeaves(
  spec: SecretsSpec,
  store: Store,
  selection: Selection,
  now: Date,
): Checked<ReadonlySet<string>> {
  const leaves = spec.certificates;
  const found = (ids: readonly string[]): Checked<ReadonlySet<string>> => ({ value: new Set(ids), diagnostics: [] });
  switch (selection.by) {
    case 'all':
      return found(leaves.map(({ id }) => id));
    case 'days': {
      const soon = leaves.filter(
        ({ id }) => daysLeft(store.certificates[id]?.notAfter ?? '9999', now) < selection.days,
      );
      return found(soon.map(({ id }) => id));
    }
    case 'node': {
      const nodes = new Set(leaves.flatMap(({ node }) => node ?? []));
      if (!nodes.has(selection.node)) return unknown('node', selection.node, [...nodes]);
      return found(leaves.filter(({ node }) => node === selection.node).map(({ id }) => id));
    }
    case 'id': {
      const known = leaves.map(({ id }) => id);
      const wrong = selection.ids.find((id) => !known.includes(id));
      return wrong === undefined ? found(selection.ids) : unknown('certificate', wrong, known);
    }
  }
}

function unknown(what: string, name: string, known: readonly string[]): Checked<ReadonlySet<string>> {
  const text = `this cluster has no ${what} "${name}".${didYouMean(name, known)}`;
  return { value: undefined, diagnostics: [diagnostic('secrets/unknown-name', text)] };
}
