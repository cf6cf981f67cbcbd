import { parseSource } from '../blueprint/parse.ts';
import { findViolations } from '../blueprint/violations.ts';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import validate from './facts/facts.schema.json';
import { layered, ownFacts, type Facts, type FactsLayer } from './facts.ts';

/** What every minor version must have, for clusters to be made of it: paths, as the default one has them. */
const NEEDED = Object.entries(ownFacts.kubernetes.minors[ownFacts.kubernetes.default] ?? {}).flatMap(([key, value]) => {
  if (key === 'sources') return [];
  return typeof value === 'object' ? Object.keys(value as object).map((inner) => [key, inner]) : [[key]];
});

/** A facts file's text → a layer of facts; every key and value that is not of their form is told at its line. */
export function parseFacts(file: string, text: string): Checked<FactsLayer> {
  const source = parseSource(file, text);
  if (source.value === undefined) return { value: undefined, diagnostics: source.diagnostics };
  const { value } = source.value;
  const diagnostics = findViolations(validate, value).map(({ message, path, onKey }) =>
    diagnostic('facts/invalid', message, [{ file, path, ...(onKey ? { onKey } : {}) }]),
  );
  return { value: diagnostics.length === 0 ? { file, value } : undefined, diagnostics };
}

/** Triskel's own facts with the layers laid over them; a minor version that is new must be whole. */
export function factsOf(layers: readonly FactsLayer[]): Checked<Facts> {
  if (layers.length === 0) return { value: ownFacts, diagnostics: [] };
  const facts = layered(layers);
  const { minors } = facts.kubernetes;
  const diagnostics: Diagnostic[] = Object.entries(minors).flatMap(([minor, row]) => {
    const missing = NEEDED.filter((needed) => !layerHas(row, needed)).map((needed) => needed.join('.'));
    if (missing.length === 0) return [];
    const path = ['kubernetes', 'minors', minor];
    const text = `Kubernetes ${minor} is new and lacks ${missing.join(', ')}`;
    return [diagnostic('facts/incomplete', text, [placeOf(layers, path)])];
  });
  if (minors[facts.kubernetes.default] === undefined) {
    const text = `the default, Kubernetes ${facts.kubernetes.default}, is not among the minor versions`;
    diagnostics.push(diagnostic('facts/incomplete', text, [placeOf(layers, ['kubernetes', 'default'])]));
  }
  return { value: diagnostics.length === 0 ? facts : undefined, diagnostics };
}

/** The last layer that says something of the path. */
function placeOf(layers: readonly FactsLayer[], path: readonly string[]): { file: string; path: readonly string[] } {
  const file = layers.findLast(({ value }) => layerHas(value, path))?.file ?? '';
  return { file, path };
}

/** True when a layer of facts says something of the path. */
function layerHas(value: unknown, path: readonly string[]): boolean {
  let inner = value;
  for (const step of path) {
    if (inner === null || typeof inner !== 'object' || !Object.hasOwn(inner, step)) return false;
    inner = (inner as Record<string, unknown>)[step];
  }
  return true;
}
