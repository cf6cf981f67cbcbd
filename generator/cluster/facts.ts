import { merge } from '../blueprint/merge.ts';
import kubernetes from './facts/kubernetes.yaml';
import releases from './facts/releases.yaml';
import upgrades from './facts/upgrades.yaml';
import k3sFields from './facts/fields-k3s.yaml';
import kubeletFields from './facts/fields-kubelet.yaml';
import kubeProxyFields from './facts/fields-kube-proxy.yaml';
import etcdFlags from './facts/flags-etcd.yaml';
import kubeApiserverFlags from './facts/flags-kube-apiserver.yaml';
import kubeControllerManagerFlags from './facts/flags-kube-controller-manager.yaml';
import kubeProxyFlags from './facts/flags-kube-proxy.yaml';
import kubeSchedulerFlags from './facts/flags-kube-scheduler.yaml';
import kubeletFlags from './facts/flags-kubelet.yaml';

/** Programs that take versions of their own, by the name of their fact. */
export interface CompanionVersions {
  readonly etcd: string;
  readonly pause: string;
  readonly coredns: string;
  readonly containerd: string;
  readonly crictl: string;
  readonly cloudControllerManager: string;
}

/** Why a fact is believed: by the name of the fact, what upstream document says so. */
type Sources = Readonly<Record<string, string>>;

/** Facts of one Kubernetes minor version; facts/kubernetes.yaml says what they mean. */
export interface MinorFacts extends CompanionVersions {
  readonly fits: Readonly<Record<'etcd' | 'containerd', Readonly<Record<string, string>>>>;
  readonly apiVersions: { readonly AuthenticationConfiguration: string };
  readonly crashLoopBackOffMax: 'alpha' | 'beta';
  readonly ipvs: 'stable' | 'deprecated';
  readonly cgroupV1: 'accepted' | 'refused';
  readonly kubeadmFlexVolumes: 'mounted' | 'gone';
  readonly sources?: Sources;
}

/** Versions that do not depend on the Kubernetes version. */
export interface CommonVersions {
  readonly cniPlugins: string;
  readonly runc: string;
  readonly flannel: string;
  readonly flannelCniPlugin: string;
  /** Of the images; a distribution's package has its own. */
  readonly haproxy: string;
  readonly keepalived: string;
  readonly kubeVip: string;
  readonly calico: string;
  readonly cilium: string;
  readonly helm: string;
  readonly prometheus: string;
  readonly nodeExporter: string;
  readonly grafana: string;
}

/** From when to when a flag or field is there, and what takes its place. Versions are those of the program. */
export interface Life {
  readonly since?: string;
  readonly removed?: string;
  /** true: it was deprecated before the oldest version that clusters can have. */
  readonly deprecated?: string | true;
  readonly instead?: string;
}

/** A flag; `field` is the field of the program's configuration that sets the same. */
export interface FlagFacts extends Life {
  readonly field?: string;
}

/** What a field of a configuration holds. */
export type FieldType = 'text' | 'boolean' | 'integer' | 'number' | 'duration' | 'quantity' | 'list' | 'map';

/** A field; a word alone is its type. */
export type FieldFacts = FieldType | (Life & { readonly type?: FieldType; readonly fields?: Fields });

/** Fields by their names. */
export type Fields = Readonly<Record<string, FieldFacts>>;

/** A program that is given flags. */
export type Program =
  'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kube-proxy' | 'kubelet' | 'etcd';

/** An API object that a program reads from a file. */
export type VersionedKind = 'KubeletConfiguration' | 'KubeProxyConfiguration';

/** A configuration that a program reads from a file. */
export type ConfigurationKind = VersionedKind | 'k3s agent' | 'k3s server';

/** Everything that differs between versions. What comes with Triskel is complete; a file may hold any part of it. */
export interface Facts {
  readonly kubernetes: { readonly default: string; readonly minors: Readonly<Record<string, MinorFacts>> };
  readonly common: CommonVersions & { readonly sources?: Sources };
  readonly containerd: Readonly<Record<string, ContainerdFacts>>;
  readonly upgrades: UpgradeFacts;
  /** Project → version with v → architecture, or any → sha256, or file → sha256 for projects with several files. */
  readonly releases: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, string | Readonly<Record<string, string>>>>>>>
  >;
  readonly flags: Readonly<Record<Program, Readonly<Record<string, FlagFacts>>>>;
  readonly fields: Readonly<Record<VersionedKind, { readonly apiVersion: string }>> &
    Readonly<Record<ConfigurationKind, { readonly fields: Fields }>>;
}

/** One release line of containerd. */
export interface ContainerdFacts {
  /** Versions of its configuration that it reads. */
  readonly configurations: readonly number[];
  /** Inclusive: versions that do not find a sandbox image that is named by tag and digest. */
  readonly sandboxDigestFails?: { readonly from: string; readonly to: string };
}

/** How far a cluster may go in one step; facts/upgrades.yaml says why. */
export interface UpgradeFacts {
  /** Minor versions that a kubelet may be older than the API servers. */
  readonly kubeletMinorsBehind: number;
  /** By a minor version of etcd, the oldest version that may go to it from the minor version before. */
  readonly oldestEtcdBefore: Readonly<Record<string, string>>;
  readonly sources?: Sources;
}

/** A part of the facts, as a file holds it. */
export interface FactsLayer {
  /** As the user named it; undefined for what comes with Triskel. */
  readonly file: string | undefined;
  readonly value: unknown;
}

const OWN: readonly FactsLayer[] = [
  kubernetes,
  releases,
  upgrades,
  k3sFields,
  kubeletFields,
  kubeProxyFields,
  etcdFlags,
  kubeApiserverFlags,
  kubeControllerManagerFlags,
  kubeProxyFlags,
  kubeSchedulerFlags,
  kubeletFlags,
].map((value) => ({ file: undefined, value }));

/** The facts that come with Triskel. */
export const ownFacts: Facts = layered([]);

/** Triskel's own facts with those of files laid over them, the last over all: maps merge, everything else replaces. */
export function layered(files: readonly FactsLayer[]): Facts {
  return [...OWN, ...files].reduce<unknown>((below, { value }) => merge(below, value), {}) as Facts;
}
