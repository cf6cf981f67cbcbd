import type { Code } from '../diagnostics/catalog/index.ts';
import { diagnostic, type Checked, type Diagnostic, type Place } from '../diagnostics/diagnostic.ts';
import { merge } from './merge.ts';
import type { BlueprintTree, Source } from './sources.ts';
import { readYaml, type YamlProblem } from './yaml-text.ts';

/** Of a blueprint, a fragment or a pins file, in characters: 20,000 nodes written one by one. */
const MAX_LENGTH = 2 * 1024 * 1024;
/** Fragments that are laid over each other, each counted as often as it is named. */
const MAX_FRAGMENTS = 100;

/** Reads a file as text; `from` is the file that names it, undefined for the blueprint itself. */
export type ReadText = (file: string, from?: string) => { file: string; text: Checked<string> };

/** A blueprint's text and fragments → one tree with positions. Never throws: errors of syntax are diagnostics. */
export function parseBlueprint(file: string, read: ReadText): Checked<BlueprintTree> {
  const diagnostics: Diagnostic[] = [];
  const layers: Source[] = [];
  addLayer(file, undefined, []);
  const value = layers.reduceRight<unknown>((below, layer) => merge(below, layer.value), {});
  const tree = { file, layers, value: value as Record<string, unknown> };
  return { value: diagnostics.length === 0 ? tree : undefined, diagnostics };

  function addLayer(name: string, from: { file: string; place: Place } | undefined, chain: readonly string[]): void {
    if (layers.length > MAX_FRAGMENTS) return;
    const found = read(name, from?.file);
    if (from !== undefined && chain.includes(found.file)) {
      const circle = [...chain.slice(chain.indexOf(found.file)), found.file].join(' → ');
      diagnostics.push(diagnostic('parse/extends-cycle', `these files extend each other: ${circle}`, [from.place]));
      return;
    }
    const unread = found.text.diagnostics;
    // A fragment that cannot be read is told where it is named.
    diagnostics.push(
      ...(from === undefined
        ? unread
        : unread.map((d) => ({ ...d, message: `${name}: ${d.message}`, places: [from.place] }))),
    );
    if (found.text.value === undefined) return;
    const parsed = parseSource(found.file, found.text.value);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.value === undefined) return;
    layers.push(parsed.value);
    if (from !== undefined && layers.length > MAX_FRAGMENTS) {
      const text = `with this, more than ${String(MAX_FRAGMENTS)} fragments are laid over each other`;
      diagnostics.push(diagnostic('parse/too-many-fragments', text, [from.place]));
      return;
    }
    for (const { fragment, index } of fragmentsOf(parsed.value).reverse()) {
      const place = { file: found.file, path: ['extends', index] };
      addLayer(fragment, { file: found.file, place }, [...chain, found.file]);
    }
  }
}

/** One YAML text → its tree; every error of syntax at its place, not only the first. */
export function parseSource(file: string, text: string): Checked<Source> {
  const refuse = (code: Code, message: string): Checked<Source> => {
    return { value: undefined, diagnostics: [diagnostic(code, message, [{ file }])] };
  };
  if (text.length > MAX_LENGTH)
    return refuse('parse/too-large', `the file has more than ${String(MAX_LENGTH / 1024 / 1024)} MiB`);
  const { document, value, problems } = readYaml(text, '1.2');
  if (problems.length > 0) return { value: undefined, diagnostics: problems.map((problem) => told(file, problem)) };
  if (value === null || value === undefined) return refuse('parse/empty', 'the file is empty');
  if (typeof value !== 'object' || Array.isArray(value))
    return refuse('parse/empty', 'the file is not a map of keys and values');
  return { value: { file, text, document, value }, diagnostics: [] };
}

function told(file: string, { code, message, ranges }: YamlProblem): Diagnostic {
  const places = ranges.map((range, index) => ({ file, range, ...(index === 0 ? {} : { note: 'first here' }) }));
  return diagnostic(code, message, places);
}

/** The fragments that a source names; anything but a list of names is left to the schema to refuse. */
function fragmentsOf(source: Source): { fragment: string; index: number }[] {
  const named: unknown = (source.value as Record<string, unknown>)['extends'];
  if (!Array.isArray(named)) return [];
  return named.flatMap((fragment: unknown, index) => (isFileName(fragment) ? [{ fragment, index }] : []));
}

function isFileName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && !name.includes('\0');
}
