import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { sourceText, type Locate, type Located, type SourceText } from '../diagnostics/source-text.ts';
import { parseSource } from './parse.ts';
import { spanOf, type BlueprintTree } from './sources.ts';

/**
 * Finds places for printing: paths in the tree, ranges and paths in other files whose text `textOf` still has.
 * `file` is the blueprint, for places that name none while there is no tree.
 */
export function locator(
  file: string,
  tree: BlueprintTree | undefined,
  textOf: (file: string) => string | undefined,
): Locate {
  const sources = new Map<string, SourceText | undefined>();
  const trees = new Map<string, BlueprintTree | undefined>();
  return (place) => {
    if (place.path !== undefined && place.file === undefined) return inTree(file, tree, place.path, place.onKey);
    const name = place.file ?? place.source ?? file;
    if (place.path !== undefined) return inTree(name, treeOf(name), place.path, place.onKey);
    return found(name, place.range);
  };

  function inTree(
    fallback: string,
    within: BlueprintTree | undefined,
    path: readonly (string | number)[],
    onKey?: boolean,
  ): Located {
    const span = within === undefined ? undefined : spanOf(within, path, onKey);
    return span === undefined ? { file: fallback } : found(span.source.file, span.range);
  }

  function found(name: string, range: readonly [number, number] | undefined): Located {
    const source = sourceOf(name);
    return source === undefined || range === undefined ? { file: name } : { file: name, source, range };
  }

  function sourceOf(name: string): SourceText | undefined {
    if (!sources.has(name)) {
      const text = textOf(name);
      sources.set(name, text === undefined ? undefined : sourceText(name, text));
    }
    return sources.get(name);
  }

  function treeOf(name: string): BlueprintTree | undefined {
    if (!trees.has(name)) {
      const text = textOf(name);
      const source = text === undefined ? undefined : parseSource(name, text).value;
      trees.set(
        name,
        source === undefined
          ? undefined
          : { file: name, layers: [source], value: source.value as BlueprintTree['value'] },
      );
    }
    return trees.get(name);
  }
}

/** Diagnostics in the order in which a reader meets their places: the blueprint first, then its fragments. */
export function inFileOrder(tree: BlueprintTree, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const keyed = diagnostics.map((diagnostic) => {
    const [place] = diagnostic.places;
    const isInTree = place?.path !== undefined && place.file === undefined;
    const span = isInTree ? spanOf(tree, place.path, place.onKey) : undefined;
    const layer = span === undefined ? tree.layers.length : tree.layers.indexOf(span.source);
    return { diagnostic, layer, offset: span?.range[0] ?? 0 };
  });
  return keyed.sort((a, b) => a.layer - b.layer || a.offset - b.offset).map(({ diagnostic }) => diagnostic);
}
