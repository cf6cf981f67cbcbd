import { characterName } from '../base/characters.ts';
import { canonicalJson } from '../base/digests.ts';
import type { Path } from '../base/paths.ts';
import { at, diagnostic, type Checked, type Diagnostic, type Place } from '../diagnostics/diagnostic.ts';
import validate from './blueprint.schema.json';
import type { Blueprint } from './blueprint.types.ts';
import { findViolations } from './violations.ts';

/** A merged tree → a Blueprint, or every violation of the published schema at its place. */
export function decode(value: unknown): Checked<Blueprint> {
  const violations = findViolations(validate, value);
  const refused = refuseText(value, []);
  // A value with a character that none may have breaks its pattern, too, and need not be told twice.
  const told = new Set(refused.map(({ places }) => JSON.stringify(places)));
  const broken = violations
    .map(({ code, message, path, onKey }) => diagnostic(code, message, [onKey ? { path, onKey } : at(path)]))
    .filter(({ places }) => !told.has(JSON.stringify(places)));
  const diagnostics = [...broken, ...refused];
  // Keys in one order: what a blueprint passes through as it is must not depend on the order in which it was written.
  const ordered = diagnostics.length === 0 ? (JSON.parse(canonicalJson(value)) as Blueprint) : undefined;
  return { value: ordered, diagnostics };
}

/** Text that no value may contain, whatever its key: marks of holes, and control characters (PEM keeps its line feeds). */
function refuseText(value: unknown, path: Path): Diagnostic[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => refuseText(inner, [...path, index]));
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => [
      ...refuseCharacters(key, { path: [...path, key], onKey: true }),
      ...refuseText(inner, [...path, key]),
    ]);
  }
  if (typeof value !== 'string') return [];
  if (value.includes('${triskel:'))
    return [diagnostic('blueprint/hole-in-value', 'this value contains the text "${triskel:"', [at(path)])];
  return refuseCharacters(value, at(path));
}

function refuseCharacters(text: string, place: Place): Diagnostic[] {
  const found = CONTROL.exec(text) ?? (isPem(text) ? null : /\n/.exec(text));
  if (found === null) return [];
  const what = `this ${place.onKey === true ? 'key' : 'value'} contains the control character ${characterName(found[0])}`;
  return [diagnostic('blueprint/control-character', what, [place])];
}

/**
 * Control characters, what some readers take for the end of a line, marks that turn the direction of text (what is
 * reviewed would not be what is written), and what UTF-8 cannot hold. A line feed is looked for apart.
 */
const CONTROL =
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function isPem(value: string): boolean {
  return value.startsWith('-----BEGIN ');
}
