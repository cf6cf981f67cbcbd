/** Well-known paths on a node, kubeadm's where kubeadm has one: operators know them. */
export const PKI = '/etc/kubernetes/pki';
export const CLUSTER_CA = `${PKI}/ca.crt`;
export const FRONT_PROXY_CA = `${PKI}/front-proxy-ca.crt`;
export const ETCD_PKI = `${PKI}/etcd`;
export const ETCD_CA = `${ETCD_PKI}/ca.crt`;
export const SERVICE_ACCOUNT_KEY = `${PKI}/sa.key`;
export const SERVICE_ACCOUNT_PUBLIC_KEYS = `${PKI}/sa.pub`;
export const MANIFESTS = '/etc/kubernetes/manifests';
export const AUTHORIZATION_POLICY = '/etc/kubernetes/authorization-policy.jsonl';
/** Programs that are fetched: a folder that every supported system lets us write to. */
export const BIN = '/opt/bin';
export const CNI_BIN = '/opt/cni/bin';
/** Scripts of ours. */
export const TRISKEL = '/opt/triskel';
