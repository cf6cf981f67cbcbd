import { didYouMean } from '../base/suggestions.ts';
import type { Path } from '../base/paths.ts';
import { show } from '../blueprint/violations.ts';
import type { ConfigurationKind, Fields, FieldType, Life } from '../cluster/facts.ts';
import { fieldOf, fieldsOf, isThere, stageOf } from '../cluster/lives.ts';
import type { Versions } from '../cluster/versions.ts';
import { at, diagnostic, type Diagnostic, type Place } from '../diagnostics/diagnostic.ts';

/**
 * What only Triskel sets: a flag, or a field by its path with dots, and the key of the blueprint that changes it.
 * Empty: nothing changes it.
 */
export type Owned = Readonly<Record<string, string>>;

/** Fields of a configuration that a blueprint sets. */
export type Configuration = Readonly<Record<string, unknown>>;

/**
 * Every field that the configuration does not have at this version, that has another type, or that is not the blueprint's
 * to set; and those of Triskel that facts of the blueprint's own say to be gone. `written` is the whole configuration.
 */
export function checkConfiguration(
  versions: Versions,
  kind: ConfigurationKind,
  given: Configuration,
  { owned, path, written }: { readonly owned: Owned; readonly path: Path; readonly written: Configuration },
): Diagnostic[] {
  return [...outgrown(written, given, fieldsOf(versions, kind), []), ...check(given, fieldsOf(versions, kind), [])];

  function outgrown(values: Configuration, set: Configuration, fields: Fields, above: readonly string[]): Diagnostic[] {
    return Object.entries(values).flatMap(([name, value]) => {
      if (above.length === 0 && (name === 'apiVersion' || name === 'kind')) return [];
      const field = fieldOf(fields, name);
      const steps = [...above, name];
      const other = Object.hasOwn(set, name) ? set[name] : undefined;
      if (field !== undefined && isThere(field, versions.kubernetes)) {
        if (field.fields === undefined || !IS.map(value)) return [];
        return outgrown(value as Configuration, IS.map(other) ? (other as Configuration) : {}, field.fields, steps);
      }
      if (other !== undefined) return [];
      const text = `${kind} of Kubernetes ${versions.kubernetes} does not have ${steps.join('.')}, which Triskel writes`;
      return [diagnostic('settings/outgrown', text, [at(['kubernetes', 'version'])])];
    });
  }

  function check(values: Configuration, fields: Fields, above: readonly string[]): Diagnostic[] {
    return Object.entries(values).flatMap(([name, value]) => {
      const field = fieldOf(fields, name);
      const steps = [...above, name];
      const dotted = steps.join('.');
      const place = { path: [...path, ...steps], onKey: true };
      const ofUs = ownedDiagnostic(owned, dotted, `${dotted} of ${kind}`, place);
      if (ofUs !== undefined) return [ofUs];
      if (field === undefined) {
        const text = `${kind} has no field ${dotted}.${didYouMean(name, Object.keys(fields))}`;
        return [diagnostic('settings/unknown', text, [place])];
      }
      const kubernetes = { name: 'Kubernetes', version: versions.kubernetes };
      const life = lifeDiagnostics(field, `${dotted} of ${kind}`, kubernetes, place);
      if (life.some(({ severity }) => severity === 'error')) return life;
      if (!IS[field.type](value)) {
        const text = `${dotted} of ${kind} is ${NAMES[field.type]}, and ${show(value)} is not`;
        return [...life, diagnostic('settings/wrong-type', text, [{ path: place.path }])];
      }
      return field.fields === undefined ? life : [...life, ...check(value as Configuration, field.fields, steps)];
    });
  }
}

/** What is to be said of a flag or field that is not simply there. */
export function lifeDiagnostics(
  life: Life,
  what: string,
  program: { readonly name: string; readonly version: string },
  place: Place,
): Diagnostic[] {
  const at = `${program.name} ${program.version}`;
  const remedy = life.instead === undefined ? [] : ([`In its place: ${life.instead}.`] as const);
  switch (stageOf(life, program.version)) {
    case 'removed': {
      const text = `${what} is gone since ${program.name} ${life.removed ?? ''}; the cluster runs ${at}`;
      return [diagnostic('settings/removed', text, [place], ...remedy)];
    }
    case 'later': {
      const text = `${what} comes with ${program.name} ${life.since ?? ''}; the cluster runs ${at}`;
      return [diagnostic('settings/later', text, [place], ...remedy)];
    }
    case 'deprecated': {
      const since = typeof life.deprecated === 'string' ? ` since ${program.name} ${life.deprecated}` : '';
      const end = life.removed === undefined ? '' : `, and gone in ${life.removed}`;
      return [diagnostic('settings/deprecated', `${what} is deprecated${since}${end}`, [place], ...remedy)];
    }
    case 'current':
      return [];
  }
}

/** That something is Triskel's own to set, if it is. */
export function ownedDiagnostic(owned: Owned, name: string, what: string, place: Place): Diagnostic | undefined {
  const key = Object.hasOwn(owned, name) ? owned[name] : undefined;
  if (key === undefined) return undefined;
  const remedy = key === '' ? [] : ([`Take it out; ${key} in the blueprint sets it.`] as const);
  return diagnostic('settings/owned', `${what} is set by Triskel alone`, [place], ...remedy);
}

const NAMES: Readonly<Record<FieldType, string>> = {
  text: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  duration: 'a duration such as 30s or 5m',
  quantity: 'an amount such as 64Ki',
  list: 'a list',
  map: 'a map',
};

const IS: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => Number.isFinite(value),
  // Go's time.ParseDuration.
  duration: (value) => typeof value === 'string' && /^(0|([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+)$/.test(value),
  quantity: (value) => Number.isSafeInteger(value) || (typeof value === 'string' && /^[0-9.]+[A-Za-z]*$/.test(value)),
  list: Array.isArray,
  map: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
};
