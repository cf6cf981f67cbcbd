import { hostPort } from '../../base/networks.ts';
import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import {
  AUTHORIZATION_POLICY,
  CLUSTER_CA,
  ETCD_CA,
  FRONT_PROXY_CA,
  PKI,
  SERVICE_ACCOUNT_KEY,
  SERVICE_ACCOUNT_PUBLIC_KEYS,
} from '../node-paths.ts';
import { withExtraArguments } from '../extra-arguments.ts';
import { TLS_CIPHER_SUITES, TLS_MIN_VERSION } from '../tls.ts';

/** Path of the AuthenticationConfiguration. */
export const AUTHENTICATION = '/etc/kubernetes/authentication.yaml';
/** Path of the EncryptionConfiguration. */
export const ENCRYPTION = '/etc/kubernetes/encryption.yaml';
/** Path of the audit policy. */
export const AUDIT_POLICY = '/etc/kubernetes/audit-policy.yaml';
/** Folder of the audit log, on the node and in the container alike. */
export const AUDIT_LOGS = '/var/log/kubernetes/audit';

/** kube-apiserver's arguments; the names are held against the flags of the real binary. */
export function apiServerArguments(cluster: Cluster, node: ClusterNode): string[] {
  const { network } = cluster;
  const issuer = `https://kubernetes.default.svc.${network.dnsDomain}`;
  const { eventTtl = '1h', admissionPlugins = [], extraArguments } = cluster.options['kube-apiserver'] ?? {};
  const own = [
    `--advertise-address=${node.addresses[0].text}`,
    '--allow-privileged=true',
    `--api-audiences=${issuer}`,
    ...auditArguments(cluster),
    `--authentication-config=${AUTHENTICATION}`,
    // ABAC holds the rights of the add-on applier alone: RBAC's own are empty until add-ons are applied.
    '--authorization-mode=Node,RBAC,ABAC',
    `--authorization-policy-file=${AUTHORIZATION_POLICY}`,
    `--bind-address=${network.nodes.some((n) => n.family === 'ipv6') ? '::' : '0.0.0.0'}`,
    `--client-ca-file=${CLUSTER_CA}`,
    `--enable-admission-plugins=${['NodeRestriction', ...admissionPlugins].join(',')}`,
    ...(cluster.encryptionAtRest.provider === 'none' ? [] : [`--encryption-provider-config=${ENCRYPTION}`]),
    '--endpoint-reconciler-type=lease',
    `--etcd-cafile=${ETCD_CA}`,
    `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
    `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
    `--etcd-servers=${etcdServers(cluster, node).join(',')}`,
    `--event-ttl=${eventTtl}`,
    // Long-lived connections move now and then, so that a server that comes back gets its share again.
    ...(cluster.controlPlaneNodes.length > 1 ? ['--goaway-chance=0.001'] : []),
    `--kubelet-certificate-authority=${CLUSTER_CA}`,
    `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
    '--kubelet-preferred-address-types=InternalIP,Hostname',
    '--profiling=false',
    `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
    `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
    '--requestheader-allowed-names=front-proxy-client',
    `--requestheader-client-ca-file=${FRONT_PROXY_CA}`,
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--secure-port=${String(cluster.controlPlane.port)}`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${SERVICE_ACCOUNT_PUBLIC_KEYS}`,
    `--service-account-signing-key-file=${SERVICE_ACCOUNT_KEY}`,
    `--service-cluster-ip-range=${network.services.map((n) => n.text).join(',')}`,
    `--service-node-port-range=${String(network.nodePorts.first)}-${String(network.nodePorts.last)}`,
    `--tls-cert-file=${PKI}/apiserver.crt`,
    `--tls-private-key-file=${PKI}/apiserver.key`,
    `--tls-cipher-suites=${TLS_CIPHER_SUITES.join(',')}`,
    `--tls-min-version=${TLS_MIN_VERSION}`,
  ];
  return withExtraArguments(own, extraArguments);
}

function auditArguments({ audit }: Cluster): string[] {
  if (!audit.enabled) return [];
  return [
    `--audit-log-maxage=${String(audit.maxAge)}`,
    `--audit-log-maxbackup=${String(audit.maxBackups)}`,
    `--audit-log-maxsize=${String(audit.maxSize)}`,
    `--audit-log-path=${AUDIT_LOGS}/audit.log`,
    `--audit-policy-file=${AUDIT_POLICY}`,
  ];
}

/** All members, the node's own first: the API server survives the etcd beside it, and prefers it while it is there. */
export function etcdServers(cluster: Cluster, node: ClusterNode): string[] {
  const own = cluster.etcdNodes.filter((member) => member === node);
  const others = cluster.etcdNodes.filter((member) => member !== node);
  return [...own, ...others].map((member) => `https://${hostPort(member.addresses[0].text, 2379)}`);
}
