import compare from 'semver/functions/compare.js';

/** Orders two full versions without a leading v. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b);
}

/** "1.36.3" → "1.36" */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
