import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Config } from 'ignition-config-types';
import { describe, expect, it } from 'vitest';
import { accepted, refused } from './fixtures.ts';

const strict = JSON.parse(readFileSync(new URL('../v3_3.schema.json', import.meta.url), 'utf8')) as object;
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const validate = ajv.compile(strict);

describe('the strict schema', () => {
  it.each(Object.entries(accepted))('accepts %s', (_title, config) => {
    validate(config);
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(Object.entries(refused))('refuses %s', (_title, { config }) => {
    expect(validate(config)).toBe(false);
  });

  it('describes no key that the types do not have, and the types none that it has not', () => {
    // The fixture "every key" is typed, and holds every key of the schema: both directions meet in it.
    const inSchema = keysOf(strict, 'properties');
    const inFixture = new Set(valueKeys(accepted['every key']));
    expect([...inSchema].filter((key) => !inFixture.has(key))).toEqual([]);
  });
});

describe('the types', () => {
  it('refuse an unknown key', () => {
    // @ts-expect-error an excess property
    const config: Config = { ignition: { version: '3.3.0' }, storaeg: {} };
    expect(validate(config)).toBe(false);
  });
});

const folder = process.env['TRISKEL_IGNITION_SCHEMAS'];
const official = folder === undefined ? undefined : join(folder, 'ignition-v3_3.schema.json');

describe.skipIf(official === undefined || !existsSync(official))(
  'the official schema (TRISKEL_IGNITION_SCHEMAS names the folder that it lies in)',
  () => {
    const read = (): ReturnType<Ajv['compile']> => {
      // Draft 4, of which this schema uses nothing that later drafts read in another way.
      const schema = JSON.parse(readFileSync(official ?? '', 'utf8')) as Record<string, unknown>;
      delete schema['$schema'];
      return new Ajv({ strict: false }).compile(schema);
    };

    it.each(Object.entries(accepted))('accepts %s', (_title, config) => {
      expect(read()(config)).toBe(true);
    });

    it('has the same keys', () => {
      const theirs = JSON.parse(readFileSync(official ?? '', 'utf8')) as object;
      expect([...keysOf(strict, 'properties')].sort()).toEqual([...keysOf(theirs, 'properties')].sort());
    });
  },
);

/** Every name that stands below a key `within`, anywhere in a schema. */
function keysOf(schema: object, within: string): Set<string> {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(schema)) {
    if (value === null || typeof value !== 'object') continue;
    if (key === within) Object.keys(value as object).forEach((name) => found.add(name));
    keysOf(value as object, within).forEach((name) => found.add(name));
  }
  return found;
}

function valueKeys(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(valueKeys);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...valueKeys(inner)]);
}
