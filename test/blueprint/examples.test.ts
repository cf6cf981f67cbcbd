/** Every example of the reference page is a value that the schema takes. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { referencePage, type JsonSchema } from '../../scripts/build/reference.ts';

const schema = JSON.parse(readFileSync('generator/blueprint/blueprint.schema.json', 'utf8')) as JsonSchema;

/** Every schema with examples below this one, by where it stands. */
function examplesOf(value: unknown, path: string): [string, JsonSchema][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) =>
    key === 'examples' ? [] : examplesOf(child, `${path}/${key}`),
  );
  return Array.isArray((value as JsonSchema).examples) ? [[path, value as JsonSchema], ...inner] : inner;
}

const ajv = new Ajv2020({ strict: false });
ajv.addSchema(schema, 'blueprint');

/** `undefined` for a value that the part of the schema at this path takes, or what is wrong with it. */
function fault(path: string, value: unknown): string | undefined {
  const pointer = path.split('/').map(encodeURIComponent).join('/');
  return ajv.validate({ $ref: `blueprint#${pointer}` }, value) ? undefined : ajv.errorsText();
}

const found = examplesOf(schema, '');

test.each(found)('%s', (path, part) => {
  for (const example of part.examples ?? []) expect(fault(path, example)).toBeUndefined();
});

test('an example that the schema refuses is seen', () => {
  expect(fault('/properties/name', 'Not A Name')).toContain('must match pattern');
});

test('a key without an example is no page', () => {
  expect(() => referencePage({ properties: { size: { type: 'integer', description: 'How large.' } } })).toThrow(
    'no example of size',
  );
});
