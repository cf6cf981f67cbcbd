import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, Scalar, type Pair, type YAMLMap } from 'yaml';
import { merge } from '../blueprint/merge.ts';
import { parseSource } from '../blueprint/parse.ts';
import type { BlueprintTree, Source } from '../blueprint/sources.ts';
import { at, diagnostic, type Checked } from '../diagnostics/diagnostic.ts';

/** A blueprint's text with another Kubernetes version; nothing else of it is another. */
export interface Edit {
  readonly text: string;
  /** replaced: the version that stands there. added: a line, because the version came from elsewhere. */
  readonly change: 'replaced' | 'added';
  /** The fragment whose version no longer counts for this blueprint. */
  readonly outvoted: { readonly file: string; readonly version: string } | undefined;
}

const PATH = ['kubernetes', 'version'];

/**
 * The smallest edit that gives the blueprint the version. A version that comes from a fragment, or from the default, is
 * outvoted by a line of the blueprint's own: other clusters extend the fragment, too. Error: a text in which the version
 * cannot be told from other values (an alias, a block text).
 */
export function withKubernetesVersion({ layers }: BlueprintTree, version: string): Checked<Edit> {
  const [source, ...fragments] = layers;
  const root: unknown = source?.document.contents;
  if (source === undefined || !isMap(root)) return refused();
  const map: unknown = pairOf(root, 'kubernetes')?.value;
  const own = isMap(map) ? pairOf(map, 'version') : undefined;
  const text =
    own !== undefined
      ? replaced(source.text, own, version)
      : isMap(map)
        ? inserted(source, map, undefined, (quote) => `${quote}version${quote}: ${quote}${version}${quote}`)
        : map === undefined
          ? inserted(source, root, pairOf(root, 'name') ?? pairOf(root, 'apiVersion'), (quote) =>
              quote === ''
                ? `kubernetes: { version: ${version} }`
                : `${quote}kubernetes${quote}: { ${quote}version${quote}: ${quote}${version}${quote} }`,
            )
          : undefined;
  if (text === undefined || !isSameBut(source, text, version)) return refused();
  const outvoted = own === undefined ? fragments.flatMap(versionIn)[0] : undefined;
  return { value: { text, change: own === undefined ? 'added' : 'replaced', outvoted }, diagnostics: [] };

  function refused(): Checked<Edit> {
    const message = `the version cannot be changed without changing more of ${source?.file ?? 'the blueprint'}`;
    return { value: undefined, diagnostics: [diagnostic('upgrade/not-editable', message, [at(PATH)])] };
  }
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key);
}

/** Its quotes stay. */
function replaced(text: string, { value }: Pair, version: string): string | undefined {
  if (!isScalar(value) || !value.range) return undefined;
  const [start, end] = value.range;
  const quote = QUOTES[value.type ?? Scalar.PLAIN];
  return quote === undefined ? undefined : text.slice(0, start) + quote + version + quote + text.slice(end);
}

const QUOTES: Readonly<Record<string, string>> = {
  [Scalar.PLAIN]: '',
  [Scalar.QUOTE_DOUBLE]: '"',
  [Scalar.QUOTE_SINGLE]: "'",
};

/** A new entry of a map: in a line of its own behind `after`, or else before all others; in braces at their begin. */
function inserted(
  { text }: Source,
  map: YAMLMap,
  after: Pair | undefined,
  entry: (quote: string) => string,
): string | undefined {
  const [first] = map.items;
  const key = first?.key;
  const start = isScalar(key) ? key.range?.[0] : undefined;
  // A file that is JSON stays JSON.
  const quote = isScalar(key) && key.type === Scalar.QUOTE_DOUBLE ? '"' : '';
  if (map.flow === true) {
    const brace = map.range?.[0];
    if (brace === undefined) return undefined;
    const rest = text.slice(brace + 1);
    return `${text.slice(0, brace)}{ ${entry(quote)}${start === undefined ? ' ' : ', '}${rest.replace(/^ +/, '')}`;
  }
  if (start === undefined) return undefined;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const value = after?.value;
  const end = isScalar(value) ? value.range?.[1] : undefined;
  if (end === undefined) {
    const column = start - (text.lastIndexOf('\n', start - 1) + 1);
    return text.slice(0, start) + entry(quote) + lineEnd + ' '.repeat(column) + text.slice(start);
  }
  const next = text.indexOf('\n', end);
  if (next < 0) return text + lineEnd + entry(quote);
  return text.slice(0, next + 1) + entry(quote) + lineEnd + text.slice(next + 1);
}

/** True when the edited text says the same as before, and the version. */
function isSameBut({ file, value }: Source, edited: string, version: string): boolean {
  const parsed = parseSource(file, edited).value;
  return parsed !== undefined && isDeepStrictEqual(parsed.value, merge(value, { kubernetes: { version } }));
}

function versionIn({ file, document }: Source): { file: string; version: string }[] {
  const version: unknown = document.getIn(PATH);
  return typeof version === 'string' ? [{ file, version }] : [];
}
