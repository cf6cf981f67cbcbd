import compare from 'semver/functions/compare.js';

/** Orders two full versions without a leading v. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b);
}

/** "1.36.3" → "1.36" */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The minor version that comes so many after a version's own: "1.36.3", 1 → "1.37"; fewer than none: before it. */
export function minorAfter(version: string, count: number): string {
  const [major = '', minor = ''] = version.split('.');
  return `${major}.${String(Number(minor) + count)}`;
}

/** How many minor versions the second is newer than the first; another major version is infinitely far. */
export function minorsBetween(from: string, to: string): number {
  const [major, minor] = from.split('.');
  const [toMajor, toMinor] = to.split('.');
  return major === toMajor ? Number(toMinor) - Number(minor) : Number(toMajor) > Number(major) ? Infinity : -Infinity;
}
