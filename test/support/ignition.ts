import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Config, Version } from 'ignition-config-types';
import { run } from './programs.ts';

/** The `ignition-validate` of Ignition 2.26 or newer, where there is one. */
export const NEWER_VALIDATOR = process.env['TRISKEL_IGNITION_NEWER'] ?? '';

const validators = new Map<Version, ValidateFunction>();

/** The strict schema of a version. */
export function strictSchema(version: Version): ValidateFunction {
  const known = validators.get(version);
  if (known !== undefined) return known;
  const path = `generator/ignition-config-types/v${version.split('.').slice(0, 2).join('_')}.schema.json`;
  const validate = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(
    JSON.parse(readFileSync(path, 'utf8')) as object,
  );
  validators.set(version, validate);
  return validate;
}

/**
 * Nothing: everybody who is there has nothing to say of a config. Debian's validator knows 3.3.0 alone, so that it sees
 * every config as one of 3.3.0, from which later ones differ in the version alone (test/renderers/ignition.test.ts); the
 * strict schema of its own version, and a newer validator where there is one, see it as it is. `path` is where it is put.
 */
export function ignitionComplaints(config: string | Uint8Array, path: string): string {
  const text = Buffer.from(config).toString('utf8');
  const parsed = JSON.parse(text) as Config;
  const strict = strictSchema(parsed.ignition.version);
  const oldest = JSON.stringify({ ...parsed, ignition: { ...parsed.ignition, version: '3.3.0' } });
  return [
    strict(parsed) ? '' : JSON.stringify(strict.errors),
    validated('ignition-validate', oldest, path),
    NEWER_VALIDATOR === '' ? '' : validated(NEWER_VALIDATOR, text, path),
  ].join('');
}

/** What a validator has to say, warnings too. */
export function validated(validator: string, config: string | Uint8Array, path: string): string {
  writeFileSync(path, config);
  const { code, output } = run(validator, [path]);
  return code === 0 ? output : `exit ${String(code)}: ${output}`;
}
