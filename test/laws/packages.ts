/** package.json, as far as the laws read it. */
export interface PackageJson {
  readonly name?: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Versions that are not one exact version: what is installed would depend on the day. */
export function loosePins({ name = '?', dependencies = {}, devDependencies = {} }: PackageJson): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^(npm:(@[^@/]+\/)?[^@/]+@)?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(version))
    .map(([dependency, version]) => `${name}: ${dependency} ${version}`);
}

/** Licences under which a package may be passed on inside a bundle, with its notice. SPDX names. */
const PERMITTED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
]);

export function forbiddenLicences(packages: readonly { readonly name: string; readonly license: string }[]): string[] {
  return packages.filter(({ license }) => !permits(license)).map(({ name, license }) => `${name}: ${license}`);
}

/** An SPDX expression: of alternatives one must be permitted, of a sum all. */
function permits(license: string): boolean {
  const bare = license.replace(/^\((.*)\)$/, '$1');
  return bare
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((part) => PERMITTED.has(part.trim())));
}
