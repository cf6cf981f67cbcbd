/** The licences of what is inside the bundle: their texts have to go with it. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the package says. */
  readonly license: string;
  /** The texts of its licence and notice files. */
  readonly texts: readonly string[];
}

/** Every package of which the bundle holds a part, each version once, sorted. The project's own workspaces are no packages. */
export function bundledPackages(metafile: Metafile): BundledPackage[] {
  const packages = new Map<string, BundledPackage>();
  for (const path of Object.keys(metafile.inputs)) {
    const folder = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0];
    if (folder === undefined) continue;
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Partial<BundledPackage>;
    const { name = folder, version = '', license = 'none' } = manifest;
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file));
    const texts = files.sort().map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
    packages.set(`${name} ${version}`, { name, version, license, texts });
  }
  return [...packages.keys()].sort().map((key) => packages.get(key) as BundledPackage);
}

/** dist/THIRD-PARTY.txt. */
export function thirdPartyText(packages: readonly BundledPackage[]): string {
  const rule = '-'.repeat(80);
  const sections = packages.map(
    ({ name, version, license, texts }) =>
      `${rule}\n${name} ${version}, ${license}\n${rule}\n\n${texts.join('\n\n')}\n`,
  );
  return `This program contains parts of the following packages.\n\n${sections.join('\n')}`;
}
