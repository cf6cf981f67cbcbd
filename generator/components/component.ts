import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { KubeadmPart } from './kubeadm-parts.ts';

/** A Kubernetes object as it is written into a manifest: serialised as YAML, never templated. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Objects that the control plane applies once it is up, in the order of `order`, then of `name`. */
export interface Addon {
  readonly name: string;
  readonly order: number;
  readonly objects: readonly KubernetesObject[];
  /** Images that these objects' pods run. */
  readonly images: readonly string[];
  readonly fetched?: FetchedManifest;
  /** What else is written with the applier's identity, in outline: its rights follow from it. */
  readonly touches?: readonly KubernetesObject[];
}

/**
 * A manifest of upstream's that is too large for a payload: control-plane nodes fetch it by its hash, as they fetch programs,
 * and lay this cluster's own words over it. Nothing of it is edited.
 */
export interface FetchedManifest {
  /** What messages call it: "calico 3.32.1". */
  readonly title: string;
  readonly url: string;
  /** Undefined: not known; generation says so. */
  readonly sha256: string | undefined;
  /** kustomization: the file is YAML, and `kubectl kustomize` lays patches over it. values: it is a chart, which helm renders. */
  readonly by: { readonly kustomization: KustomizationSpec } | { readonly values: Readonly<Record<string, unknown>> };
}

/** What differs from upstream's manifest. */
export interface KustomizationSpec {
  /** Strategic merge patches: what does not name its object, or one that is not there, is an error. */
  readonly patches: readonly KubernetesObject[];
  /** By tag, as upstream has them; those that are pinned are run by digest. */
  readonly images: readonly string[];
}

/** All that one user may do with one resource; without a namespace: of the whole cluster. */
export interface UserRight {
  readonly user: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** One concern of a node or of the cluster. Pure: the same cluster gives the same items. */
export interface Component {
  readonly name: string;
  /** What is wrong with this component's options; asked once a cluster. */
  readonly check?: (cluster: Cluster) => readonly Diagnostic[];
  /** What this component wants of one node; nothing where it does not run. */
  readonly plan?: (cluster: Cluster, node: ClusterNode) => readonly PlanItem[];
  /** What this component brings into the running cluster. */
  readonly addon?: (cluster: Cluster) => Addon | undefined;
  /** What this component says of a node in kubeadm's documents, where kubeadm runs the control plane. */
  readonly kubeadm?: (cluster: Cluster, node: ClusterNode) => KubeadmPart;
  /** What its identity may do from the API server's first moment on, when RBAC has no objects yet. */
  readonly rights?: (cluster: Cluster) => readonly UserRight[];
}
