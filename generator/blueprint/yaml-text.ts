import { Composer, Document, Lexer, Parser, type CST } from 'yaml';
import { characterName } from '../base/characters.ts';
import type { Code } from '../diagnostics/catalog/index.ts';
import { inspect } from './inspect-yaml.ts';

/** Offsets [start, end) in the text. */
export type Range = readonly [number, number];

/** What is wrong with a text; the first range is where, a second one what it collides with. */
export interface YamlProblem {
  readonly code: Code;
  readonly message: string;
  readonly ranges: readonly Range[];
}

/** A text that was read; without problems `value` is what it says. */
export interface YamlText {
  readonly document: Document;
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
}

/** Which YAML is meant. Kubernetes reads manifests as 1.1; blueprints and pins are 1.2, and plainer than it has to be. */
export type YamlVersion = '1.1' | '1.2';

/** Levels of lists and maps within each other; a blueprint has ten, and recursion over it stays small. */
const MAX_DEPTH = 100;
/** Of broken texts: nobody reads more, and a text can have one on every character. */
const MAX_PROBLEMS = 100;

/** What YAML has no place for even in comments (YAML 1.2.2, 5.1), and lines that end in a carriage return alone. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const NOT_PRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\r(?!\n)/;

/**
 * One document, read with bounds: time and memory grow with the text, whatever stands in it. `text` is what decides on
 * them; it should have no more than some megabytes. Never throws.
 */
export function readYaml(text: string, version: YamlVersion): YamlText {
  const stray = NOT_PRINTABLE.exec(text);
  if (stray !== null) return broken([strayCharacter(stray)]);
  const { tokens, problem } = tokenise(text);
  if (problem !== undefined) return broken([problem]);
  const [document, second] = firstTwo(
    new Composer({ strict: true, uniqueKeys: false, version }).compose(tokens, true, text.length),
  );
  if (document === undefined) return broken([]);
  const problems = [...document.errors, ...document.warnings]
    .slice(0, MAX_PROBLEMS)
    .map(({ message, pos }) => syntax(message.charAt(0).toLowerCase() + message.slice(1), pos));
  if (second !== undefined)
    problems.push(syntax('a second document begins here, and only one is read', startOf(second, text)));
  if (problems.length === 0) problems.push(...inspect(document, version).slice(0, MAX_PROBLEMS));
  const value: unknown = problems.length === 0 ? document.toJS({ maxAliasCount: -1 }) : undefined;
  return { document, value, problems };
}

/** The text's tokens, as far as nothing keeps it from being composed, which recurses. */
function tokenise(text: string): { tokens: CST.Token[]; problem?: YamlProblem } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const lexer = new Lexer();
  let errors = 0;
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') errors++;
    }
    if (parser.stack.length > MAX_DEPTH) {
      const range = [parser.offset, parser.offset + 1] as const;
      const message = `lists and maps lie within each other more than ${String(MAX_DEPTH)} deep`;
      return { tokens, problem: { code: 'parse/too-deep', message, ranges: [range] } };
    }
    if (errors >= MAX_PROBLEMS) return { tokens };
  }
  tokens.push(...parser.end());
  return { tokens };
}

function firstTwo<T>(documents: Iterable<T>): T[] {
  const found: T[] = [];
  for (const document of documents) {
    found.push(document);
    if (found.length === 2) break;
  }
  return found;
}

function strayCharacter({ 0: character, index }: RegExpExecArray): YamlProblem {
  const ranges = [[index, index + 1] as const];
  if (character === '\r')
    return { code: 'parse/syntax', message: 'a carriage return without a line feed does not end a line', ranges };
  const message = `the file contains the control character ${characterName(character)}`;
  return { code: 'parse/not-text', message, ranges };
}

function startOf(document: Document, text: string): Range {
  const start = Math.max(0, Math.min(document.range?.[0] ?? 0, text.length - 1));
  return [start, start + 1];
}

function syntax(message: string, range: Range): YamlProblem {
  return { code: 'parse/syntax', message, ranges: [range] };
}

function broken(problems: readonly YamlProblem[]): YamlText {
  return { document: new Document(), value: undefined, problems };
}
