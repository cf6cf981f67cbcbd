import { characterName } from '../base/characters.ts';
import { pathFromPointer, type Path } from '../base/paths.ts';
import { didYouMean } from '../base/suggestions.ts';

/** What ajv reports of one violation (https://ajv.js.org/api.html#error-objects), with `verbose` on. */
interface Reported {
  readonly instancePath: string;
  readonly keyword: string;
  /** Of a violation by a key's own name. */
  readonly propertyName?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly data?: unknown;
  readonly parentSchema?: Readonly<Record<string, unknown>>;
}

/** One violation of a schema, in words. */
export interface Violation {
  readonly code: 'blueprint/unknown-key' | 'blueprint/missing-key' | 'blueprint/wrong-type' | 'blueprint/invalid-value';
  readonly message: string;
  readonly path: Path;
  /** The key itself is what is wrong. */
  readonly onKey: boolean;
}

/** Nobody reads more, and a text of some megabytes can break a schema on every line. */
const MOST = 1000;

/** ajv's compiled validator of a schema. */
type Validate = ((value: unknown) => boolean) & { readonly errors?: object[] | null };

/** Every violation of a schema, each once; none for a value that fits. */
export function findViolations(validate: Validate, value: unknown): Violation[] {
  if (validate(value)) return [];
  const reported = (validate.errors ?? []) as Reported[];
  // These only say that one of their parts failed, and each part says so itself.
  const told = reported.filter(({ keyword }) => !['if', 'anyOf', 'propertyNames'].includes(keyword));
  return unique((told.length > 0 ? told : reported).slice(0, MOST).map((violation) => explain(violation, value)));
}

function violated(code: Violation['code'], message: string, path: Path, onKey = false): Violation {
  return { code, message, path, onKey };
}

function explain(violation: Reported, root: unknown): Violation {
  const path = pathFromPointer(violation.instancePath, root);
  const { params, parentSchema = {} } = violation;
  const shown = show(violation.data);
  if (violation.propertyName !== undefined) {
    const means = parentSchema['x-means'];
    const text =
      typeof means === 'string'
        ? `the key ${shown} is not ${means}${strange(violation.data)}`
        : `unknown key ${shown}.`;
    return violated('blueprint/unknown-key', text, [...path, violation.propertyName], true);
  }
  switch (violation.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((parentSchema['properties'] as object | undefined) ?? {});
      const list = known.length > 0 && known.length <= 8 ? ` Known here: ${known.join(', ')}.` : '';
      const hint = didYouMean(key, known);
      return violated(
        'blueprint/unknown-key',
        `unknown key ${show(key)}${strange(key)}.${hint === '' ? list : hint}`,
        [...path, key],
        true,
      );
    }
    case 'required':
      return violated('blueprint/missing-key', `the key "${String(params['missingProperty'])}" is missing`, path);
    case 'dependentRequired': {
      const [key, missing] = [String(params['property']), String(params['missingProperty'])];
      const text = `the key "${missing}" is missing, which "${key}" needs`;
      return violated('blueprint/missing-key', text, [...path, key], true);
    }
    case 'type':
      return violated('blueprint/wrong-type', `${shown} is not ${typeNames(params['type'])}`, path);
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      const text = `${shown} is not one of ${allowed.join(', ')}.${didYouMean(String(violation.data), allowed)}`;
      return violated('blueprint/invalid-value', text, path);
    }
    case 'false schema':
      return violated('blueprint/invalid-value', `${shown} is not allowed beside the others`, path);
    case 'const':
      return violated('blueprint/invalid-value', `${shown} must be ${show(params['allowedValue'])}`, path);
    case 'pattern': {
      const means = parentSchema['x-means'];
      const text = typeof means === 'string' ? `is not ${means}` : `does not match ${String(params['pattern'])}`;
      return violated('blueprint/invalid-value', `${shown} ${text}${strange(violation.data)}`, path);
    }
    default:
      return violated('blueprint/invalid-value', `${shown} ${violation.message ?? 'is not allowed'}`, path);
  }
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

/** Names a text's first character beyond ASCII: it may look like a letter that is allowed, or like nothing at all. */
function strange(value: unknown): string {
  const found = typeof value === 'string' ? /[^\x20-\x7e]/u.exec(value) : null;
  return found === null ? '' : ` (it has the character ${characterName(found[0])})`;
}

/** A value as it may stand in a message: short, on one line. */
export function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : ((JSON.stringify(value) as string | undefined) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** One wrong value often breaks several alternatives; each place and message is said once. */
function unique(violations: readonly Violation[]): Violation[] {
  const seen = new Map(violations.map((violation) => [JSON.stringify(violation), violation]));
  return [...seen.values()];
}
