import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanItem } from '../nodeplan/items.ts';

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
}
