import type { OperatingSystem } from './cluster.ts';
import table from './facts/ignition.yaml';
import { systemFacts } from './systems.ts';

/** A version of Ignition's config specification. */
export type IgnitionVersion = '3.3.0' | '3.4.0' | '3.5.0' | '3.6.0';

/** What a plan may ask for that not every version can say. */
type Feature = 'special-mode-bits';

interface SpecFacts {
  /** The Ignition that made it stable. */
  readonly since: string;
  readonly adds: readonly Feature[];
}

/** The whole table, for what is counted and printed. */
export const ignitionFacts = table as Readonly<Record<IgnitionVersion, SpecFacts>>;

/** Oldest first. */
export const ignitionVersions = Object.keys(ignitionFacts) as IgnitionVersion[];

/** The version that a system's configs are written in, undefined where cloud-init configures it; or why it cannot be had. */
export function specOf(
  name: OperatingSystem['name'],
  given: IgnitionVersion | undefined,
): { readonly version: IgnitionVersion | undefined } | string {
  const { title, ignition } = systemFacts[name];
  if (ignition === undefined)
    return given === undefined
      ? { version: undefined }
      : `${title} is configured by cloud-init, which reads no Ignition`;
  const version = given ?? ignition.default;
  if (ignitionVersions.indexOf(version) <= ignitionVersions.indexOf(ignition.newest)) return { version };
  return `${title} reads Ignition configs up to ${ignition.newest}; ${version} needs Ignition ${ignitionFacts[version].since}`;
}

/** The first version that can say it. */
export function firstSpecWith(feature: Feature): IgnitionVersion {
  const first = ignitionVersions.find((version) => ignitionFacts[version].adds.includes(feature));
  if (first === undefined) throw new Error(`ignition.yaml does not add ${feature}`);
  return first;
}

/** Whether a config of this version can say it. */
export function canSay(version: IgnitionVersion, feature: Feature): boolean {
  return ignitionVersions.indexOf(version) >= ignitionVersions.indexOf(firstSpecWith(feature));
}
