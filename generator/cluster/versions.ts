import { didYouMean } from '../base/suggestions.ts';
import { compareVersions, minorOf } from '../base/versions.ts';
import kubernetesFacts from './facts/kubernetes.yaml';
import releaseFacts from './facts/releases.yaml';

/** Facts of one Kubernetes minor version; see facts/kubernetes.yaml for their sources. */
interface MinorFacts {
  readonly etcd: string;
  readonly pause: string;
  readonly coredns: string;
  readonly containerd: string;
  readonly crictl: string;
  readonly cloudControllerManager: string;
  readonly crashLoopBackOffMax: 'alpha' | 'beta';
}

interface CommonFacts {
  readonly cniPlugins: string;
  readonly runc: string;
  readonly flannel: string;
  readonly flannelCniPlugin: string;
}

/** The exact versions that a cluster runs, without a leading v. */
export interface Versions extends MinorFacts, CommonFacts {
  readonly kubernetes: string;
  /** "1.36" */
  readonly minor: string;
}

const facts = kubernetesFacts as {
  readonly defaultMinor: string;
  readonly minors: Readonly<Record<string, MinorFacts>>;
  readonly common: CommonFacts;
};

/** Project → version with v → architecture → sha256, or file → sha256 for projects with several files. */
const releases = releaseFacts as Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string | Readonly<Record<string, string>>>>>>>
>;

/** The minor versions that clusters can be generated for, oldest first. */
const supportedMinors: readonly string[] = Object.keys(facts.minors);

/** The newest patch release of the default minor version whose checksums are known. */
export const defaultKubernetes: string = newestKnown(facts.defaultMinor);

/** The versions that go with a Kubernetes release, or why there are none. */
export function versionsFor(kubernetes: string): Versions | string {
  const minor = minorOf(kubernetes);
  const found = facts.minors[minor];
  if (found === undefined) {
    return `Kubernetes ${minor} is not supported; supported are ${supportedMinors.join(', ')}.${didYouMean(minor, supportedMinors)}`;
  }
  return { kubernetes, minor, ...found, ...facts.common };
}

/** sha256 of a release file, if the data knows it. `version` has no leading v; `file` only for kubernetes. */
export function knownChecksum(project: string, version: string, arch: string, file?: string): string | undefined {
  const found = releases[project]?.[`v${version}`]?.[arch];
  return typeof found === 'object' ? found[file ?? ''] : found;
}

/** A digest of all facts, so that the output can say which facts it was made with. */
export const factsForDigest: readonly unknown[] = [facts, releases];

/** etcd 3.6 has --feature-gates and dropped the experimental prefix of most flags (etcd CHANGELOG-3.6). */
export function etcdHasFeatureGates(versions: Versions): boolean {
  return compareVersions(versions.etcd, '3.6.0') >= 0;
}

/** The kubelet's crashLoopBackOff.maxContainerRestartPeriod needs its gate switched on before it is beta. */
export function crashLoopBackOffNeedsGate(versions: Versions): boolean {
  return versions.crashLoopBackOffMax === 'alpha';
}

/** AuthenticationConfiguration is v1 since Kubernetes 1.34 (#131752) and v1beta1 before. */
export function authenticationApiVersion(versions: Versions): string {
  const stable = compareVersions(versions.kubernetes, '1.34.0') >= 0;
  return `apiserver.config.k8s.io/${stable ? 'v1' : 'v1beta1'}`;
}

function newestKnown(minor: string): string {
  const known = Object.keys(releases['kubernetes'] ?? {}).map((v) => v.slice(1));
  const patches = known.filter((v) => minorOf(v) === minor).sort(compareVersions);
  return patches.at(-1) ?? `${minor}.0`;
}

/** A Kubernetes release file: where it is published, and its sha256 if the data knows it. */
export function kubernetesDownload(
  version: string,
  arch: string,
  file: string,
): { url: string; sha256: string | undefined } {
  const url = `https://dl.k8s.io/release/v${version}/bin/linux/${arch}/${file}`;
  return { url, sha256: knownChecksum('kubernetes', version, arch, file) };
}
