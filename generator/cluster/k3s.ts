import { compareVersions, minorOf } from '../base/versions.ts';
import type { Cluster } from './cluster.ts';
import type { Facts } from './facts.ts';
import { knownChecksum, type Versions } from './versions.ts';

/** A file of a k3s release: the program, or the archive with the images that it runs itself. */
export type K3sFile = 'k3s' | 'images';

/** The newest Kubernetes version of a minor version (of the default one when none is named) that a known k3s release has. */
export function newestK3s(facts: Facts, minor: string = facts.kubernetes.default): string | undefined {
  const known = Object.keys(facts.releases['k3s'] ?? {}).map((tag) => tag.slice(1).split('+')[0] ?? '');
  return known
    .filter((version) => minorOf(version) === minor)
    .sort(compareVersions)
    .at(-1);
}

/** The k3s release of a cluster, "1.36.3+k3s1": the revision that the blueprint names, or the newest known one, or the first. */
export function k3sRelease({ versions, options }: Pick<Cluster, 'versions' | 'options'>): string {
  const { facts, kubernetes } = versions;
  const revisions = Object.keys(facts.releases['k3s'] ?? {})
    .filter((tag) => tag.startsWith(`v${kubernetes}+k3s`))
    .map((tag) => Number(tag.split('+k3s')[1]));
  const revision = options.k3s?.revision ?? Math.max(1, ...revisions);
  return `${kubernetes}+k3s${String(revision)}`;
}

/** Where a release publishes a file (the plus sign is encoded, as k3s' own installer does), and its sha256 if the data knows it. */
export function k3sDownload(
  { facts }: Versions,
  release: string,
  arch: string,
  file: K3sFile,
): { url: string; sha256: string | undefined } {
  const names = { k3s: arch === 'amd64' ? 'k3s' : `k3s-${arch}`, images: `k3s-airgap-images-${arch}.tar.zst` };
  const url = `https://github.com/k3s-io/k3s/releases/download/v${release.replace('+', '%2B')}/${names[file]}`;
  return { url, sha256: knownChecksum(facts, 'k3s', release, arch, file) };
}
