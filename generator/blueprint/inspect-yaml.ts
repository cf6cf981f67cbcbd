import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Scalar } from 'yaml';
import type { Range, YamlProblem, YamlVersion } from './yaml-text.ts';

/** Values that aliases may make of a text: what walks over the value sees each of them. */
const MAX_VALUES = 1_000_000;
/** The library looks each of them up in the whole text. */
const MAX_ALIASES = 10_000;

/** Tags that say what a plain text would be read as anyway (YAML 1.2.2, 10.3); any other would be dropped in silence. */
const CORE_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

/** Numbers that every reader of YAML takes for the same: not 010, 0o10, 0x10, 1e3, .5, .inf, nor what is rounded. */
const PLAIN_NUMBER = /^(0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15})$/;

/**
 * What YAML allows and a reader would get wrong: keys that stand twice or are no text, aliases that lead nowhere, into
 * themselves or to too much; in blueprints (1.2) also tags, merge keys, directives and notations of other versions.
 */
export function inspect(document: Document, version: YamlVersion): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const isPlain = version === '1.2';
  /** How many values an anchor stands for; undefined while its own value is being walked over. */
  const anchors = new Map<string, number | undefined>();
  let aliases = 0;
  const { yaml } = document.directives ?? {};
  if (isPlain && yaml?.explicit === true && yaml.version !== '1.2')
    refuse('parse/syntax', `this file is YAML 1.2, and the directive asks for ${yaml.version}`, [0, 1]);
  walk(document.contents);
  return problems;

  /** Walks over a value and counts it, aliases expanded. */
  function walk(node: unknown): number {
    if (isAlias(node)) return walkAlias(node.source, rangeOf(node));
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return 1;
    const { anchor, tag } = node;
    if (anchor !== undefined) anchors.set(anchor, undefined);
    if (isPlain && tag !== undefined && !CORE_TAG.test(tag))
      refuse('parse/syntax', `the tag ${tag} means nothing here`, rangeOf(node));
    const size = isScalar(node) ? walkScalar(node) : isMap(node) ? walkMap(node.items) : sum(node.items.map(walk));
    if (anchor !== undefined) anchors.set(anchor, size);
    return size;
  }

  function walkAlias(name: string, range: Range): number {
    if (++aliases === MAX_ALIASES) refuse('parse/too-large', `this is the ${String(MAX_ALIASES)}th alias`, range);
    const size = anchors.get(name);
    if (size === undefined) {
      const what = anchors.has(name)
        ? 'stands within the value that it stands for'
        : `has no anchor &${name} before it`;
      refuse('parse/syntax', `the alias *${name} ${what}`, range);
      return 1;
    }
    if (size > MAX_VALUES) refuse('parse/too-large', `*${name} stands for more than a million values`, range);
    return size;
  }

  function walkScalar(node: Scalar): number {
    if (isPlain && typeof node.value === 'number' && !PLAIN_NUMBER.test(node.source ?? '')) {
      const source = node.source ?? String(node.value);
      const shown = source.length > 40 ? `${source.slice(0, 40)}…` : source;
      const message = `${shown} is not a number in plain decimal digits`;
      refuse('parse/number-notation', message, rangeOf(node));
    }
    return 1;
  }

  function walkMap(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): number {
    const first = new Map<string, Range>();
    for (const { key, value } of pairs) {
      const range = rangeOf(key ?? value);
      if (!isScalar(key)) {
        refuse('parse/syntax', 'a key is neither a list, a map nor an alias', range);
        continue;
      }
      const name = String(key.value);
      const twin = first.get(name);
      if (twin !== undefined) problems.push(twice(name, range, twin));
      // In quotes it is text to every reader.
      else if (isPlain && name === '<<' && key.type === 'PLAIN')
        refuse('parse/syntax', 'the merge key << is of YAML 1.1: write the keys out, or use extends', range);
      else if (isPlain && typeof key.value !== 'string')
        refuse('parse/syntax', `the key ${key.source ?? name} is not text: put it in quotes`, range);
      first.set(name, twin ?? range);
    }
    return 1 + sum(pairs.map(({ value }) => walk(value)));
  }

  function refuse(code: YamlProblem['code'], message: string, range: Range): void {
    problems.push({ code, message, ranges: [range] });
  }
}

function twice(name: string, range: Range, twin: Range): YamlProblem {
  return { code: 'parse/duplicate-key', message: `the key "${name}" stands twice in one map`, ranges: [range, twin] };
}

/** Of counts that may be beyond all bounds; sums stay finite, and quick. */
function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => Math.min(total + size, Number.MAX_SAFE_INTEGER), 1);
}

function rangeOf(node: unknown): Range {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], Math.max(range[1], range[0] + 1)] : [0, 1];
}
