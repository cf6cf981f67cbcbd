import { isMap, isPair, isScalar, isSeq, type Document, type Node } from 'yaml';
import type { Path } from '../base/paths.ts';

/** One YAML file as read: its text, its tree with positions, and its plain value. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly value: unknown;
}

/** A blueprint with the fragments it extends. `layers` go from the blueprint itself to the weakest fragment. */
export interface BlueprintTree {
  readonly file: string;
  readonly layers: readonly Source[];
  readonly value: Readonly<Record<string, unknown>>;
}

/** Offsets [start, end) within a source's text. */
export interface Span {
  readonly source: Source;
  readonly range: readonly [number, number];
}

/**
 * Where a value of the merged blueprint was written: in the strongest layer that has it. A path that stands nowhere
 * (a key that is missing) leads to its nearest ancestor.
 */
export function spanOf(tree: BlueprintTree, path: Path, onKey = false): Span | undefined {
  for (let length = path.length; length >= 0; length--) {
    for (const source of tree.layers) {
      const range = rangeAt(source.document, path.slice(0, length), onKey && length === path.length);
      if (range !== undefined) return { source, range };
    }
  }
  return undefined;
}

function rangeAt(document: Document, path: Path, onKey: boolean): readonly [number, number] | undefined {
  let node: unknown = document.contents;
  let key: unknown;
  for (const step of path) {
    if (node !== null && typeof node === 'object' && 'source' in node && 'resolve' in node) {
      node = (node as { resolve: (d: Document) => unknown }).resolve(document);
    }
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (pair === undefined) return undefined;
      key = pair.key;
      node = pair.value ?? pair.key;
    } else if (isSeq(node) && typeof step === 'number') {
      key = undefined;
      node = node.items[step];
    } else return undefined;
  }
  const target = (onKey ? key : undefined) ?? node;
  const range = (target as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}
