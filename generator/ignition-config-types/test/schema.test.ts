import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Config, v3_3, v3_4, v3_5, v3_6, Version } from 'ignition-config-types';
import { describe, expect, it } from 'vitest';
import { acceptedBy, refusedBy, VERSIONS } from './fixtures.ts';

const nameOf = (version: Version): string => `v${version.split('.').slice(0, 2).join('_')}.schema.json`;
const read = (path: string | URL): object => JSON.parse(readFileSync(path, 'utf8')) as object;
const strict = (version: Version): object => read(new URL(`../${nameOf(version)}`, import.meta.url));
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });

describe.each(VERSIONS)('the strict schema of %s', (version) => {
  const validate = ajv.compile(strict(version));

  it.each(acceptedBy(version))('accepts %s', (_title, config) => {
    validate(config);
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(refusedBy(version))('refuses %s', (_title, { config }) => {
    expect(validate(config)).toBe(false);
  });

  it('describes no key that the types do not have, and the types none that it has not', () => {
    // The fixtures "every key" are typed, and hold every key of the schema: both directions meet in them.
    const inFixture = new Set(acceptedBy(version).flatMap(([, config]) => valueKeys(config)));
    expect([...keysOf(strict(version))].filter((key) => !inFixture.has(key))).toEqual([]);
  });

  it('names its version', () => {
    const { title, description } = strict(version) as { title: string; description: string };
    expect(title).toBe(`Ignition config ${version}`);
    expect(description).toContain(` ${version}:`);
  });
});

describe('the types', () => {
  it('refuse an unknown key, and what a later version added', () => {
    // @ts-expect-error an excess property
    const unknown: Config = { ignition: { version: '3.6.0' }, storaeg: {} };
    // @ts-expect-error since 3.4.0
    const discard: v3_3.Luks = { name: 'l', device: '/dev/vda', discard: true };
    // @ts-expect-error since 3.4.0
    const tang: v3_3.Tang = { url: 'http://tang.example.org', advertisement: '{}' };
    // @ts-expect-error since 3.5.0
    const cex: v3_4.Luks = { name: 'l', device: '/dev/vda', cex: {} };
    // @ts-expect-error since 3.6.0
    const pin: v3_5.Clevis = { custom: { pin: 'pkcs11', config: '{}' } };
    const anyPin: v3_6.Clevis = { custom: { pin: 'pkcs11', config: '{}' } };
    expect([unknown, discard, tang, cex, pin, anyPin]).toHaveLength(6);
  });
});

const folder = process.env['TRISKEL_IGNITION_SCHEMAS'] ?? '';

describe.skipIf(!existsSync(folder)).each(VERSIONS)(
  'the official schema (TRISKEL_IGNITION_SCHEMAS names its folder), %s',
  (version) => {
    const official = (): object => read(join(folder, `ignition-${nameOf(version)}`));
    const compiled = (): ReturnType<Ajv['compile']> => {
      // Draft 4, of which this schema uses nothing that later drafts read in another way.
      const schema = { ...official() } as Record<string, unknown>;
      delete schema['$schema'];
      return new Ajv({ strict: false }).compile(schema);
    };

    it.each(acceptedBy(version))('accepts %s', (_title, config) => {
      expect(compiled()(config)).toBe(true);
    });

    it('has the same keys', () => {
      expect([...keysOf(strict(version))].sort()).toEqual([...keysOf(official())].sort());
    });
  },
);

/** Every name of a property, anywhere in a schema. */
function keysOf(schema: object): Set<string> {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(schema)) {
    if (value === null || typeof value !== 'object') continue;
    if (key === 'properties') Object.keys(value as object).forEach((name) => found.add(name));
    keysOf(value as object).forEach((name) => found.add(name));
  }
  return found;
}

function valueKeys(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(valueKeys);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...valueKeys(inner)]);
}
