import type { KubeadmProgram } from '../kubeadm-parts.ts';

/**
 * Flags that kubeadm sets to the same value by itself, from its documents and the paths that it knows
 * (kubernetes, cmd/kubeadm/app/phases/controlplane/manifests.go); all others are extraArgs.
 */
export const KUBEADMS_OWN: Readonly<Record<KubeadmProgram, readonly string[]>> = {
  'kube-apiserver': [
    'advertise-address',
    'allow-privileged',
    'client-ca-file',
    'etcd-cafile',
    'etcd-certfile',
    'etcd-keyfile',
    'etcd-servers',
    'kubelet-client-certificate',
    'kubelet-client-key',
    'proxy-client-cert-file',
    'proxy-client-key-file',
    'requestheader-allowed-names',
    'requestheader-client-ca-file',
    'requestheader-extra-headers-prefix',
    'requestheader-group-headers',
    'requestheader-username-headers',
    'secure-port',
    'service-account-issuer',
    'service-account-key-file',
    'service-account-signing-key-file',
    'service-cluster-ip-range',
    'tls-cert-file',
    'tls-private-key-file',
  ],
  'kube-controller-manager': [
    'allocate-node-cidrs',
    'authentication-kubeconfig',
    'authorization-kubeconfig',
    'client-ca-file',
    'cluster-cidr',
    'cluster-name',
    'kubeconfig',
    'leader-elect',
    'requestheader-client-ca-file',
    'root-ca-file',
    'service-account-private-key-file',
    'service-cluster-ip-range',
    'use-service-account-credentials',
  ],
  'kube-scheduler': ['authentication-kubeconfig', 'authorization-kubeconfig', 'kubeconfig', 'leader-elect'],
};

/** Folders of the node that kubeadm mounts into a program's pod by itself; its own kubeconfig, too. */
export const KUBEADMS_MOUNTS: Readonly<Record<KubeadmProgram, readonly string[]>> = {
  'kube-apiserver': ['/etc/kubernetes/pki/'],
  'kube-controller-manager': ['/etc/kubernetes/pki/', '/etc/kubernetes/controller-manager.kubeconfig'],
  'kube-scheduler': ['/etc/kubernetes/scheduler.kubeconfig'],
};
