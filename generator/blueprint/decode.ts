import { pathFromPointer, type Path } from '../base/paths.ts';
import { didYouMean } from '../base/suggestions.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import validate from './blueprint.schema.json';
import type { Blueprint } from './blueprint.types.ts';

/** What ajv reports of one violation (https://ajv.js.org/api.html#error-objects), with `verbose` on. */
interface Violation {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly data?: unknown;
  readonly parentSchema?: Readonly<Record<string, unknown>>;
}

/** A merged tree → a Blueprint, or every violation of the published schema at its place. */
export function decode(value: unknown): Checked<Blueprint> {
  const valid = validate(value);
  const diagnostics = valid ? [] : unique(((validate.errors ?? []) as Violation[]).map((v) => explain(v, value)));
  diagnostics.push(...refuseText(value, []));
  return { value: diagnostics.length === 0 ? (value as Blueprint) : undefined, diagnostics };
}

function explain(violation: Violation, root: unknown): Diagnostic {
  const path = pathFromPointer(violation.instancePath, root);
  const { params, parentSchema = {} } = violation;
  const shown = show(violation.data);
  switch (violation.keyword) {
    case 'additionalProperties':
    case 'propertyNames': {
      const key = String(params['additionalProperty'] ?? params['propertyName']);
      const known = Object.keys((parentSchema['properties'] as object | undefined) ?? {});
      const list = known.length > 0 && known.length <= 8 ? ` Known here: ${known.join(', ')}.` : '';
      const hint = didYouMean(key, known);
      return diagnostic('blueprint/unknown-key', `unknown key "${key}".${hint === '' ? list : hint}`, [
        { path: [...path, key], onKey: true },
      ]);
    }
    case 'required':
      return diagnostic('blueprint/missing-key', `the key "${String(params['missingProperty'])}" is missing`, [
        at(path),
      ]);
    case 'type':
      return diagnostic('blueprint/wrong-type', `${shown} is not ${typeNames(params['type'])}`, [at(path)]);
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      const text = `${shown} is not one of ${allowed.join(', ')}.${didYouMean(String(violation.data), allowed)}`;
      return diagnostic('blueprint/invalid-value', text, [at(path)]);
    }
    case 'const':
      return diagnostic('blueprint/invalid-value', `${shown} must be ${show(params['allowedValue'])}`, [at(path)]);
    case 'pattern': {
      const means = parentSchema['x-means'];
      const text = typeof means === 'string' ? `is not ${means}` : `does not match ${String(params['pattern'])}`;
      return diagnostic('blueprint/invalid-value', `${shown} ${text}`, [at(path)]);
    }
    default:
      return diagnostic('blueprint/invalid-value', `${shown} ${violation.message ?? 'is not allowed'}`, [at(path)]);
  }
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

function typeNames(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).map((name) => ARTICLES[String(name)] ?? String(name));
  return names.join(' or ');
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

/** A value as it may stand in a message: short, on one line. */
function show(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** One wrong value often breaks several alternatives; each place and message is said once. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map(diagnostics.map((d) => [JSON.stringify([d.code, d.message, d.places]), d]));
  return [...seen.values()];
}
