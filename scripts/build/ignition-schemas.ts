/**
 * The strict schemas of later Ignition specifications: the one before with what the version changed laid over it, so that
 * nothing is written twice; what is published is complete.
 */
import { readFileSync } from 'node:fs';

const FOLDER = 'generator/ignition-config-types';
const LATER = ['v3_4', 'v3_5', 'v3_6'];

/** Path and value of each schema that is made. */
export function laterIgnitionSchemas(): { readonly path: string; readonly schema: unknown }[] {
  let schema = read(`${FOLDER}/v3_3.schema.json`);
  return LATER.map((version) => {
    schema = mergePatch(schema, read(`${FOLDER}/changes/${version}.json`));
    return { path: `${FOLDER}/${version}.schema.json`, schema };
  });
}

/** JSON Merge Patch (RFC 7396). */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) merged[key] = mergePatch(merged[key], value);
  return Object.fromEntries(Object.entries(merged).filter(([key]) => patch[key] !== null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
