import type { Cluster } from '../cluster/cluster.ts';

/** Well-known paths on a node, kubeadm's where kubeadm has one: operators know them. */
export const PKI = '/etc/kubernetes/pki';
/** CAs of the API and its clients. */
export const CLUSTER_CA = `${PKI}/ca.crt`;
/** CAs of the aggregation layer’s client. */
export const FRONT_PROXY_CA = `${PKI}/front-proxy-ca.crt`;
/** Folder of etcd’s own certificates. */
export const ETCD_PKI = `${PKI}/etcd`;
/** CAs of etcd, its peers and clients. */
export const ETCD_CA = `${ETCD_PKI}/ca.crt`;
/** Signs service-account tokens. */
export const SERVICE_ACCOUNT_KEY = `${PKI}/sa.key`;
/** Verify service-account tokens. */
export const SERVICE_ACCOUNT_PUBLIC_KEYS = `${PKI}/sa.pub`;
/** The kubelet’s folder of static pods. */
export const MANIFESTS = '/etc/kubernetes/manifests';
/** The folder of static pods that the cluster's kubelets watch; k3s has one of its own (docs.k3s.io, "agent/pod-manifests"). */
export function manifestFolder({ controlPlane }: Cluster): string {
  return controlPlane.runs === 'k3s' ? '/var/lib/rancher/k3s/agent/pod-manifests' : MANIFESTS;
}
/** The add-on applier’s rights, read by the API server. */
export const AUTHORIZATION_POLICY = '/etc/kubernetes/authorization-policy.jsonl';
/** Programs that are fetched: a folder that every supported system lets us write to. */
export const BIN = '/opt/bin';
/** CNI plugins, where containerd looks for them. */
export const CNI_BIN = '/opt/cni/bin';
/** Scripts of ours. */
export const TRISKEL = '/opt/triskel';
/** containerd’s own default socket, as the CRI’s clients name it. */
export const CONTAINERD_ENDPOINT = 'unix:///run/containerd/containerd.sock';
/** k3s' folder of manifests, which it deploys by itself (docs.k3s.io, "Auto-Deploying Manifests"). */
export const K3S_MANIFESTS = '/var/lib/rancher/k3s/server/manifests';
