import { isScalar, LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';
import { diagnostic, type Checked, type Diagnostic, type Place } from '../diagnostics/diagnostic.ts';
import { merge } from './merge.ts';
import type { BlueprintTree, Source } from './sources.ts';

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
    for (const { fragment, index } of fragmentsOf(parsed.value).reverse()) {
      const place = { file: found.file, path: ['extends', index] };
      addLayer(fragment, { file: found.file, place }, [...chain, found.file]);
    }
  }
}

/** One YAML text → its tree; every error of syntax at its place, not only the first. */
export function parseSource(file: string, text: string): Checked<Source> {
  if (text.includes('\0')) {
    return { value: undefined, diagnostics: [diagnostic('parse/not-text', 'the file contains NUL bytes', [{ file }])] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true });
  const diagnostics = document.errors.map((error) => syntaxError(file, document, error));
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { value: undefined, diagnostics: [diagnostic('parse/syntax', message, [{ file }])] };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const what =
      value === null || value === undefined ? 'the file is empty' : 'the file is not a map of keys and values';
    return { value: undefined, diagnostics: [diagnostic('parse/empty', what, [{ file }])] };
  }
  return { value: { file, text, document, lines, value }, diagnostics: [] };
}

function syntaxError(file: string, document: Document, error: YAMLError): Diagnostic {
  if (error.code === 'DUPLICATE_KEY') {
    const { key, places } = duplicateKey(file, document, error.pos[0]);
    return diagnostic('parse/duplicate-key', `the key "${key}" stands twice in one map`, places);
  }
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return diagnostic('parse/syntax', message, [{ file, range: error.pos }]);
}

/** The key that begins at `start`, and its twin before it in the same map. */
function duplicateKey(file: string, document: Document, start: number): { key: string; places: Place[] } {
  const keys: { text: string; range: readonly [number, number] }[] = [];
  visit(document, {
    Map(_key, map) {
      const own = map.items.flatMap(({ key }) =>
        isScalar(key) && key.range ? [{ text: String(key.value), range: [key.range[0], key.range[1]] as const }] : [],
      );
      const second = own.find(({ range }) => range[0] === start);
      if (second === undefined) return undefined;
      keys.push(second, ...own.filter(({ text, range }) => text === second.text && range[0] < start).slice(0, 1));
      return visit.BREAK;
    },
  });
  const places = keys.map(({ range }, index) => ({ file, range, ...(index === 0 ? {} : { note: 'first here' }) }));
  return { key: keys[0]?.text ?? '', places: places.length > 0 ? places : [{ file, range: [start, start + 1] }] };
}

/** The fragments that a source names; anything but a list of strings is left to the schema to refuse. */
function fragmentsOf(source: Source): { fragment: string; index: number }[] {
  const named: unknown = (source.value as Record<string, unknown>)['extends'];
  if (!Array.isArray(named)) return [];
  return named.flatMap((fragment: unknown, index) => (typeof fragment === 'string' ? [{ fragment, index }] : []));
}
