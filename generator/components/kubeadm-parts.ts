import type { HostPath } from './host-paths.ts';
import type { Configuration } from './settings.ts';

/** The programs of the control plane that kubeadm starts. */
export type KubeadmProgram = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** What a component says in kubeadm's documents; the component kubeadm puts them together. */
export type KubeadmPart =
  | {
      readonly kind: 'program';
      readonly name: KubeadmProgram;
      /** All arguments of Triskel's own static pod: --flag=value. */
      readonly arguments: readonly string[];
      /** All files that its pod must see. */
      readonly hostPaths: readonly HostPath[];
    }
  | { readonly kind: 'etcd'; readonly endpoints: readonly string[] }
  | { readonly kind: 'kubelet'; readonly arguments: readonly string[]; readonly configuration: Configuration }
  | { readonly kind: 'kube-proxy'; readonly configuration: Configuration };

/** Runs kubeadm on this node, until it has succeeded. */
export const KUBEADM_UNIT = 'triskel-kubeadm.service';

/** kubeadm's own name of a kubeconfig in /etc/kubernetes (cmd/kubeadm/app/constants). */
export function kubeadmKubeconfig(name: 'admin' | 'kubelet' | 'controller-manager' | 'scheduler'): string {
  return `/etc/kubernetes/${name}.conf`;
}
