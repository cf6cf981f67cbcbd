import { compareVersions, minorsBetween } from '../base/versions.ts';
import { versionsWith, type VersionRules } from '../cluster/upgrades.ts';
import { knownPatches, supportedMinors } from '../cluster/versions.ts';
import { messageOf, obstacle, routeTo, type Release } from './route.ts';

/** A release that the version data know, and how one comes there. */
export interface Target extends Release {
  readonly containerd: string;
  /** Releases on which every node is to be first, in order, by their Kubernetes versions; the target is the last. */
  readonly route: readonly string[] | undefined;
  /** What is in the way of a single step, in words. */
  readonly obstacle: string | undefined;
}

/** Where one can go from here: every known release that one step reaches, of those further away the newest. */
export function targetsFrom(rules: VersionRules, from: Release): Target[] {
  const minors = supportedMinors(rules.facts).filter((minor) => minorsBetween(from.kubernetes, minor) >= 0);
  return minors.flatMap((minor) => {
    const targets = knownPatches(rules.facts, minor)
      .filter((kubernetes) => compareVersions(kubernetes, from.kubernetes) > 0)
      .flatMap((kubernetes) => targetOf(rules, from, kubernetes));
    const near = targets.filter((target) => target.obstacle === undefined);
    return near.length > 0 ? near : targets.slice(-1);
  });
}

function targetOf(rules: VersionRules, from: Release, kubernetes: string): Target[] {
  const versions = versionsWith(rules, kubernetes);
  if (typeof versions === 'string') return [];
  const { etcd, containerd } = versions;
  const route = routeTo(rules, from, versions)?.map((release) => release.kubernetes);
  const found = obstacle(rules.facts, from, versions);
  return [{ kubernetes, etcd, containerd, route, obstacle: found && messageOf(found, from, versions) }];
}
