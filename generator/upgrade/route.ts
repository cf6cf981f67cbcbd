import { compareVersions, minorAfter, minorOf, minorsBetween } from '../base/versions.ts';
import type { Facts } from '../cluster/facts.ts';
import { oldestEtcdBefore, versionsWith, type VersionRules } from '../cluster/upgrades.ts';
import { newestPatch } from '../cluster/versions.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';

/** What the machines of a cluster run, as far as it decides where one can go from there. */
export interface Release {
  readonly kubernetes: string;
  readonly etcd: string;
}

/** Why one cannot go from one release to another in one step. */
type Obstacle =
  | { readonly code: 'upgrade/downgrade' | 'upgrade/etcd-downgrade' | 'upgrade/skipped-minor' }
  | { readonly code: 'upgrade/etcd-waypoint'; readonly oldest: string };

/** undefined: nothing is in the way of one step. */
export function obstacle(facts: Facts, from: Release, to: Release): Obstacle | undefined {
  if (compareVersions(to.kubernetes, from.kubernetes) < 0) return { code: 'upgrade/downgrade' };
  if (minorsBetween(from.etcd, to.etcd) < 0) return { code: 'upgrade/etcd-downgrade' };
  if (minorsBetween(from.kubernetes, to.kubernetes) > 1) return { code: 'upgrade/skipped-minor' };
  const oldest = minorsBetween(from.etcd, to.etcd) > 0 ? oldestEtcdBefore(facts, to.etcd) : undefined;
  const isTooOld = oldest !== undefined && compareVersions(from.etcd, oldest) < 0;
  return isTooOld ? { code: 'upgrade/etcd-waypoint', oldest } : undefined;
}

/** The releases on which every node is to be, one after the other; undefined when no way is known. */
export function routeTo(rules: VersionRules, from: Release, to: Release): Release[] | undefined {
  const direct = obstacle(rules.facts, from, to);
  if (direct === undefined) return [to];
  if (direct.code === 'upgrade/downgrade' || direct.code === 'upgrade/etcd-downgrade') return undefined;
  // Over the newest patch of the next minor version, or of this one.
  const { kubernetes } = from;
  const minor = minorsBetween(kubernetes, to.kubernetes) > 1 ? minorAfter(kubernetes, 1) : minorOf(kubernetes);
  for (const waypoint of [newestOf(rules, minor), newestOf(rules, minorOf(kubernetes))]) {
    if (waypoint === undefined || isSame(waypoint, from) || obstacle(rules.facts, from, waypoint) !== undefined)
      continue;
    const rest = routeTo(rules, waypoint, to);
    if (rest !== undefined) return [waypoint, ...rest];
  }
  return undefined;
}

function isSame(one: Release, other: Release): boolean {
  return one.kubernetes === other.kubernetes && one.etcd === other.etcd;
}

function newestOf(rules: VersionRules, minor: string): Release | undefined {
  const versions = versionsWith(rules, newestPatch(rules.facts, minor));
  return typeof versions === 'string' ? undefined : versions;
}

/** The words for what is in the way, with the step to take first. */
export function refusal(rules: VersionRules, from: Release, to: Release, blueprint: string): Diagnostic | undefined {
  const found = obstacle(rules.facts, from, to);
  if (found === undefined) return undefined;
  const remedy = found.code.endsWith('downgrade') ? undefined : remedyOf(rules, from, to, blueprint);
  return diagnostic(found.code, messageOf(found, from, to), [at(['kubernetes', 'version'])], remedy);
}

/** In words. */
export function messageOf(found: Obstacle, from: Release, to: Release): string {
  switch (found.code) {
    case 'upgrade/downgrade':
      return `${to.kubernetes} is older than ${from.kubernetes}`;
    case 'upgrade/etcd-downgrade':
      return `${to.kubernetes} comes with etcd ${to.etcd}, and the data are those of etcd ${from.etcd}`;
    case 'upgrade/skipped-minor': {
      const count = minorsBetween(from.kubernetes, to.kubernetes);
      const skipped = Number.isFinite(count)
        ? Array.from({ length: count - 1 }, (_, index) => minorAfter(from.kubernetes, index + 1)).join(', ')
        : 'a major version';
      return `from ${from.kubernetes} to ${to.kubernetes} skips ${skipped}`;
    }
    case 'upgrade/etcd-waypoint':
      return `${to.kubernetes} comes with etcd ${to.etcd}, before which every member must run ${found.oldest} or newer; they run ${from.etcd}`;
  }
}

function remedyOf(rules: VersionRules, from: Release, to: Release, blueprint: string): string | undefined {
  const route = routeTo(rules, from, to);
  const next = newestOf(rules, minorAfter(from.kubernetes, 1));
  const first =
    route?.[0] ?? (next !== undefined && obstacle(rules.facts, from, next) === undefined ? next : undefined);
  if (first === undefined) return undefined;
  const now = `Now: \`triskel upgrade --to ${first.kubernetes} ${blueprint}\`.`;
  if (route === undefined) return `Go minor by minor. ${now}`;
  const way = [from, ...route].map(({ kubernetes, etcd }) => `${kubernetes} (etcd ${etcd})`).join(' → ');
  return `Go ${way}, with every node on one version before the next. ${now}`;
}
