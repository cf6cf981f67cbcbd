/** Microversions (https://specs.openstack.org/openstack/api-sig/guidelines/microversion_specification.html): `2.79`, `3.50`. */

/** Negative, zero or positive, as the first is older, the same or newer. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number)) as [number[], number[]];
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}

export interface VersionRange {
  readonly min: string;
  readonly max: string;
}

/** The newest version that both sides know; undefined when there is none. */
export function commonVersion(ours: VersionRange, theirs: VersionRange): string | undefined {
  const newest = compareVersions(ours.max, theirs.max) <= 0 ? ours.max : theirs.max;
  const oldest = compareVersions(ours.min, theirs.min) >= 0 ? ours.min : theirs.min;
  return compareVersions(newest, oldest) < 0 ? undefined : newest;
}
