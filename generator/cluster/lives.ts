import { compareVersions } from '../base/versions.ts';
import type {
  ConfigurationKind,
  FieldFacts,
  FieldType,
  Fields,
  FlagFacts,
  Life,
  Program,
  VersionedKind,
} from './facts.ts';
import type { Versions } from './versions.ts';

/** Where a flag or field stands at the version that is run. */
export type Stage = 'current' | 'deprecated' | 'removed' | 'later';

/** A flag of a program, by its name without dashes. */
export function flagOf({ facts }: Versions, program: Program, flag: string): FlagFacts | undefined {
  return own(facts.flags[program], flag);
}

/** True when the program has the flag, at the version that is run. */
export function hasFlag(versions: Versions, program: Program, flag: string): boolean {
  const found = flagOf(versions, program, flag);
  return found !== undefined && isThere(found, versionOf(versions, program));
}

/** The names of all flags that the program has, at the version that is run. */
export function flagNames(versions: Versions, program: Program): string[] {
  return Object.keys(versions.facts.flags[program]).filter((flag) => hasFlag(versions, program, flag));
}

/** The version that a program's flags depend on: etcd's own, and Kubernetes' for everything else. */
export function versionOf(versions: Versions, program: Program): string {
  return program === 'etcd' ? versions.etcd : versions.kubernetes;
}

/** The API version in which a configuration is written. */
export function apiVersionOf({ facts }: Versions, kind: VersionedKind): string {
  return facts.fields[kind].apiVersion;
}

/** The fields at the top of a configuration. */
export function fieldsOf({ facts }: Versions, kind: ConfigurationKind): Fields {
  return facts.fields[kind].fields;
}

/** One field among others, in its long form. */
export function fieldOf(
  fields: Fields,
  name: string,
): (Life & { readonly type: FieldType; readonly fields?: Fields }) | undefined {
  const found: FieldFacts | undefined = own(fields, name);
  if (found === undefined) return undefined;
  return typeof found === 'string' ? { type: found } : { type: 'map', ...found };
}

/** Where something stands at a full version. */
export function stageOf({ since, removed, deprecated }: Life, version: string): Stage {
  if (removed !== undefined && reached(version, removed)) return 'removed';
  if (since !== undefined && !reached(version, since)) return 'later';
  const isDeprecated = deprecated === true || (deprecated !== undefined && reached(version, deprecated));
  return isDeprecated ? 'deprecated' : 'current';
}

/** True when something is neither gone nor still to come at a full version. */
export function isThere(life: Life, version: string): boolean {
  return !['removed', 'later'].includes(stageOf(life, version));
}

function reached(version: string, mark: string): boolean {
  return compareVersions(version, /^\d+\.\d+$/.test(mark) ? `${mark}.0` : mark) >= 0;
}

/** What a record itself has under a name that a user gave; never what every object has. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
