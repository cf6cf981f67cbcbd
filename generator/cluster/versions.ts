import { didYouMean } from '../base/suggestions.ts';
import { compareVersions, minorOf } from '../base/versions.ts';
import type { CommonVersions, Facts, MinorFacts } from './facts.ts';
import { hasFlag } from './lives.ts';

/** The exact versions that a cluster runs, without a leading v, and the facts that they come from. */
export interface Versions extends MinorFacts, CommonVersions {
  readonly kubernetes: string;
  /** "1.36" */
  readonly minor: string;
  readonly facts: Facts;
}

/** What a blueprint chooses that versions depend on. */
export interface Chosen extends Partial<Pick<Versions, 'etcd' | 'containerd'>> {
  /**
   * etcd is run from its release archive: the newest patch of the release line that goes with Kubernetes whose checksum is
   * known. The version in the table is that of the image.
   */
  readonly etcdArchive?: boolean;
}

/** The minor versions that clusters can be generated for, oldest first. */
export function supportedMinors(facts: Facts): string[] {
  return Object.keys(facts.kubernetes.minors).sort((a, b) => compareVersions(`${a}.0`, `${b}.0`));
}

/** The patch releases of a minor version of Kubernetes whose checksums are known, oldest first. */
export function knownPatches(facts: Facts, minor: string): string[] {
  return knownReleases(facts, 'kubernetes', minor);
}

function knownReleases(facts: Facts, project: string, minor: string): string[] {
  const known = Object.keys(facts.releases[project] ?? {}).map((v) => v.slice(1));
  return known.filter((v) => minorOf(v) === minor).sort(compareVersions);
}

/** The newest patch release of a minor version whose checksums are known; of the default one when none is named. */
export function newestPatch(facts: Facts, minor: string = facts.kubernetes.default): string {
  return knownPatches(facts, minor).at(-1) ?? `${minor}.0`;
}

/** The versions that go with a Kubernetes release, or why there are none. */
export function versionsFor(facts: Facts, kubernetes: string, chosen: Chosen = {}): Versions | string {
  const minor = minorOf(kubernetes);
  const minors = supportedMinors(facts);
  const found = facts.kubernetes.minors[minor];
  if (found === undefined)
    return `Kubernetes ${minor} is not supported; supported are ${minors.join(', ')}.${didYouMean(minor, minors)}`;
  const { etcdArchive, ...versions } = chosen;
  const etcd =
    etcdArchive === true ? (knownReleases(facts, 'etcd', minorOf(found.etcd)).at(-1) ?? found.etcd) : found.etcd;
  return { kubernetes, minor, ...found, etcd, ...facts.common, ...versions, facts };
}

/** sha256 of a release file, if the data knows it. `version` has no leading v; `file` only for kubernetes. */
export function knownChecksum(
  facts: Facts,
  project: string,
  version: string,
  arch: string,
  file?: string,
): string | undefined {
  const found = facts.releases[project]?.[`v${version}`]?.[arch];
  return typeof found === 'object' ? found[file ?? ''] : found;
}

/** A Kubernetes release file: where it is published, and its sha256 if the data knows it. */
export function kubernetesDownload(
  { facts, kubernetes }: Versions,
  arch: string,
  file: string,
): { url: string; sha256: string | undefined } {
  const url = `https://dl.k8s.io/release/v${kubernetes}/bin/linux/${arch}/${file}`;
  return { url, sha256: knownChecksum(facts, 'kubernetes', kubernetes, arch, file) };
}

/** The version of containerd's configuration that Triskel writes: every containerd from 2.0 on reads it. */
export const CONTAINERD_CONFIGURATION = 3;

/** Whether containerds of a release line read the configuration that Triskel writes; undefined for a line that is not known. */
export function readsConfiguration(facts: Facts, line: string): boolean | undefined {
  const found = Object.hasOwn(facts.containerd, line) ? facts.containerd[line] : undefined;
  return found?.configurations.includes(CONTAINERD_CONFIGURATION);
}

/** The release lines that may run with a Kubernetes, and the oldest patch of each. */
export function fittingLines({ facts, fits }: Versions, program: 'etcd' | 'containerd'): ReadonlyMap<string, string> {
  const lines = Object.entries(fits[program]);
  return new Map(program === 'etcd' ? lines : lines.filter(([line]) => readsConfiguration(facts, line) === true));
}

/** The image of a pod's sandbox. */
export function pauseImage({ pause }: Versions): string {
  return `registry.k8s.io/pause:${pause}`;
}

/** etcd 3.6 has --feature-gates and dropped the experimental prefix of most flags. */
export function etcdHasFeatureGates(versions: Versions): boolean {
  return hasFlag(versions, 'etcd', 'feature-gates');
}

/** The kubelet's crashLoopBackOff.maxContainerRestartPeriod needs its gate switched on before it is beta. */
export function crashLoopBackOffNeedsGate(versions: Versions): boolean {
  return versions.crashLoopBackOffMax === 'alpha';
}

/** The API version of the API server's AuthenticationConfiguration. */
export function authenticationApiVersion(versions: Versions): string {
  return versions.apiVersions.AuthenticationConfiguration;
}

/** True where kube-proxy's mode ipvs is on its way out. */
export function ipvsIsDeprecated(versions: Versions): boolean {
  return versions.ipvs === 'deprecated';
}

/** True where the kubelet does not start on a machine of cgroup v1 unless it is told to. */
export function cgroupV1IsRefused(versions: Versions): boolean {
  return versions.cgroupV1 === 'refused';
}

/** True where kubeadm mounts the folder of FlexVolumes into the controller-manager's pod. */
export function kubeadmMountsFlexVolumes(versions: Versions): boolean {
  return versions.kubeadmFlexVolumes === 'mounted';
}
