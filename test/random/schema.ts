/** The published schema as what values can be made from, so that a new key is made as soon as it is there. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

export const published = JSON.parse(readFileSync('generator/blueprint/blueprint.schema.json', 'utf8')) as Schema;

/** A schema behind its reference. */
export function behind(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? undefined : published.$defs?.[name];
  return target === undefined ? schema : { ...behind(target), ...schema };
}

/** Every key of the schema as a path: `nodes[].os.name`, and with `=value` every value of an enum. */
export function keysOf(schema: Schema = published, path = ''): string[] {
  const { properties = {}, items, enum: values = [] } = behind(schema);
  return [
    ...(path === '' ? [] : [path]),
    ...values.map((value) => `${path}=${String(value)}`),
    ...Object.entries(properties).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`)),
    ...(items === undefined ? [] : keysOf(items, `${path}[]`)),
  ];
}

/** The same of a value. */
export function keysIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value))
    return [...(path === '' ? [] : [path]), ...value.flatMap((inner) => keysIn(inner, `${path}[]`))];
  if (value !== null && typeof value === 'object')
    return [
      ...(path === '' ? [] : [path]),
      ...Object.entries(value).flatMap(([key, inner]) => keysIn(inner, path === '' ? key : `${path}.${key}`)),
    ];
  return [path, `${path}=${String(value)}`];
}

/** Arbitraries for what a schema alone does not tell; by path, undefined where the schema tells enough. */
export type Known = (path: string) => fc.Arbitrary<unknown> | undefined;

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** Values that fit a schema: its enums, numbers within its bounds, its examples, and texts of its pattern. */
export function valuesOf(given: Schema, path: string, known: Known): fc.Arbitrary<unknown> {
  const special = known(path);
  if (special !== undefined) return special;
  const schema = behind(given);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer') return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
  if (schema.properties !== undefined) return objectsOf(schema, path, known);
  if (schema.examples !== undefined) return fc.constantFrom(...schema.examples);
  if (schema.items !== undefined)
    return fc.array(valuesOf(schema.items, `${path}[]`, known), { minLength: 1, maxLength: 3 });
  if (schema.pattern?.includes('BEGIN CERTIFICATE') === true) return fc.constant(CERTIFICATE);
  throw new Error(`${path} needs an example in the schema, or an arbitrary here`);
}

export function objectsOf(schema: Schema, path: string, known: Known): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [] } = behind(schema);
  const model = Object.entries(properties).map(([key, inner]) => {
    const values = valuesOf(inner, path === '' ? key : `${path}.${key}`, known);
    return [key, required.includes(key) ? values : fc.option(values, { freq: 2, nil: undefined })] as const;
  });
  return fc.record(Object.fromEntries(model)).map(withoutUndefined);
}

export function withoutUndefined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}
