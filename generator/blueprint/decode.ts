import type { Path } from '../base/paths.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import validate from './blueprint.schema.json';
import type { Blueprint } from './blueprint.types.ts';
import { findViolations } from './violations.ts';

/** A merged tree → a Blueprint, or every violation of the published schema at its place. */
export function decode(value: unknown): Checked<Blueprint> {
  const violations = findViolations(validate, value);
  const diagnostics = violations.map(({ code, message, path, onKey }) =>
    diagnostic(code, message, [onKey ? { path, onKey } : at(path)]),
  );
  diagnostics.push(...refuseText(value, []));
  return { value: diagnostics.length === 0 ? (value as Blueprint) : undefined, diagnostics };
}

/** Text that no value may contain, whatever its key: marks of holes, and control characters (PEM keeps its line feeds). */
function refuseText(value: unknown, path: Path): Diagnostic[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => refuseText(inner, [...path, index]));
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => refuseText(inner, [...path, key]));
  }
  if (typeof value !== 'string') return [];
  if (value.includes('${triskel:')) {
    return [diagnostic('blueprint/hole-in-value', 'this value contains the text "${triskel:"', [at(path)])];
  }
  const control = CONTROL.exec(value) ?? (isPem(value) ? null : /\n/.exec(value));
  if (control === null) return [];
  const name = `U+${(control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return [diagnostic('blueprint/control-character', `this value contains the control character ${name}`, [at(path)])];
}

/** Control characters, and what some readers take for the end of a line; a line feed is looked for apart. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

function isPem(value: string): boolean {
  return value.startsWith('-----BEGIN ');
}
