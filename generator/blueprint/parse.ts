import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { merge } from './merge.ts';
import type { BlueprintTree, Source } from './sources.ts';

/** Reads a file as text; `from` is the file that names it, undefined for the blueprint itself. */
export type ReadText = (file: string, from?: string) => { file: string; text: Checked<string> };

/** A blueprint's text and fragments → one tree with positions. Never throws: errors of syntax are diagnostics. */
export function parseBlueprint(file: string, read: ReadText): Checked<BlueprintTree> {
  const diagnostics: Diagnostic[] = [];
  const layers: Source[] = [];
  visit(file, undefined, []);
  const value = layers.reduceRight<unknown>((below, layer) => merge(below, layer.value), {});
  const tree = { file, layers, value: value as Record<string, unknown> };
  return { value: diagnostics.length === 0 ? tree : undefined, diagnostics };

  function visit(name: string, from: string | undefined, chain: readonly string[]): void {
    const found = read(name, from);
    if (chain.includes(found.file)) {
      const circle = [...chain.slice(chain.indexOf(found.file)), found.file].join(' → ');
      diagnostics.push(
        diagnostic('parse/extends-cycle', `these files extend each other: ${circle}`, [{ file: found.file }]),
      );
      return;
    }
    diagnostics.push(...found.text.diagnostics);
    if (found.text.value === undefined) return;
    const parsed = parseSource(found.file, found.text.value);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.value === undefined) return;
    layers.push(parsed.value);
    for (const fragment of fragmentsOf(parsed.value).reverse()) visit(fragment, found.file, [...chain, found.file]);
  }
}

/** One YAML text → its tree; every error of syntax at its place, not only the first. */
export function parseSource(file: string, text: string): Checked<Source> {
  if (text.includes('\0')) {
    return { value: undefined, diagnostics: [diagnostic('parse/not-text', 'the file contains NUL bytes', [{ file }])] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true });
  const diagnostics = document.errors.map((error) => syntaxError(file, error));
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

function syntaxError(file: string, error: YAMLError): Diagnostic {
  const code = error.code === 'DUPLICATE_KEY' ? 'parse/duplicate-key' : 'parse/syntax';
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return diagnostic(code, message, [{ file, range: error.pos }]);
}

/** The fragments that a source names; anything but a list of strings is left to the schema to refuse. */
function fragmentsOf(source: Source): string[] {
  const named = (source.value as Record<string, unknown>)['extends'];
  return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : [];
}
