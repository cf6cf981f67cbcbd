import {
  localApiServerUrl,
  isControlPlane,
  pinnedImage,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import type { FileItem, PlanItem } from '../../nodeplan/items.ts';
import { hole } from '../../secrets/holes.ts';
import type { Component } from '../component.ts';
import { certificateFiles, trustFile } from '../identity-files.ts';
import {
  AUTHORIZATION_POLICY,
  CLUSTER_CA,
  ETCD_CA,
  FRONT_PROXY_CA,
  MANIFESTS,
  PKI,
  SERVICE_ACCOUNT_KEY,
  SERVICE_ACCOUNT_PUBLIC_KEYS,
} from '../node-paths.ts';
import { hostFiles, keyPairFiles } from '../host-paths.ts';
import { checkPodArguments } from '../extra-arguments.ts';
import { staticPod } from '../static-pod.ts';
import { apiServerArguments, AUDIT_LOGS, AUDIT_POLICY, AUTHENTICATION, ENCRYPTION } from './arguments.ts';
import { auditPolicy, authentication, encryption } from '../api-server-configs.ts';
import { OWNED } from './owned-flags.ts';

const OWN_KEY_PAIRS = ['apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'front-proxy-client'] as const;
const RESTARTS = [{ kind: 'static-pod', name: 'kube-apiserver' }] as const;

/** The API server as a static pod, with its identities and configurations. */
export const kubeApiserver: Component = {
  name: 'kube-apiserver',
  check: (cluster) =>
    checkPodArguments(cluster, 'kube-apiserver', OWNED, cluster.controlPlaneNodes, apiServerArguments),
  plan(cluster, node) {
    if (!isControlPlane(node) || cluster.controlPlane.runs !== 'static-pods') return [];
    const image = pinnedImage(cluster, `registry.k8s.io/kube-apiserver:v${cluster.versions.kubernetes}`);
    return [
      { kind: 'file', path: `${MANIFESTS}/kube-apiserver.yaml`, mode: 0o600, content: manifest(cluster, node, image) },
      ...identities(node),
      { kind: 'file', path: AUTHENTICATION, mode: 0o600, content: authentication(cluster), restarts: RESTARTS },
      ...audit(cluster),
      ...encryptionFiles(cluster),
      { kind: 'phase', phase: 'api', unit: 'kubelet.service', url: `${localApiServerUrl(cluster, node)}/readyz` },
      {
        kind: 'port',
        protocol: 'tcp',
        port: cluster.controlPlane.port,
        purpose: 'the Kubernetes API',
        from: 'anywhere',
      },
      { kind: 'image', reference: image },
    ];
  },
};

function identities(node: ClusterNode): FileItem[] {
  return [
    trustFile('cluster-ca', CLUSTER_CA, RESTARTS),
    trustFile('etcd-ca', ETCD_CA, RESTARTS),
    trustFile('front-proxy-ca', FRONT_PROXY_CA, RESTARTS),
    ...OWN_KEY_PAIRS.flatMap((name) => certificateFiles(name, node, `${PKI}/${name}`, RESTARTS)),
    {
      kind: 'file',
      path: SERVICE_ACCOUNT_KEY,
      mode: 0o600,
      content: `${hole('service-account', 'key')}\n`,
      restarts: SIGNERS,
    },
    {
      kind: 'file',
      path: SERVICE_ACCOUNT_PUBLIC_KEYS,
      mode: 0o600,
      content: `${hole('service-account', 'public')}\n`,
      restarts: SIGNERS,
    },
  ];
}

/** Both use the service-account key: one verifies and signs requested tokens, the other signs the legacy ones. */
const SIGNERS = [...RESTARTS, { kind: 'static-pod', name: 'kube-controller-manager' }] as const;

function audit(cluster: Cluster): PlanItem[] {
  if (!cluster.audit.enabled) return [];
  return [
    { kind: 'file', path: AUDIT_POLICY, mode: 0o600, content: auditPolicy(), restarts: RESTARTS },
    { kind: 'directory', path: AUDIT_LOGS, mode: 0o700 },
  ];
}

function encryptionFiles(cluster: Cluster): PlanItem[] {
  if (cluster.encryptionAtRest.provider === 'none') return [];
  return [
    { kind: 'file', path: ENCRYPTION, mode: 0o600, content: encryption(cluster.encryptionAtRest), restarts: RESTARTS },
  ];
}

function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
  const port = cluster.controlPlane.port;
  return staticPod({
    name: 'kube-apiserver',
    image,
    command: ['kube-apiserver', ...apiServerArguments(cluster, node)],
    hostPaths: [
      ...hostFiles(AUTHENTICATION, AUTHORIZATION_POLICY, CLUSTER_CA, ETCD_CA, FRONT_PROXY_CA),
      ...hostFiles(SERVICE_ACCOUNT_KEY, SERVICE_ACCOUNT_PUBLIC_KEYS),
      ...OWN_KEY_PAIRS.flatMap((name) => keyPairFiles(`${PKI}/${name}`)),
      ...(cluster.audit.enabled ? hostFiles(AUDIT_POLICY) : []),
      ...(cluster.audit.enabled ? [{ path: AUDIT_LOGS, type: 'Directory', writable: true } as const] : []),
      ...(cluster.encryptionAtRest.provider === 'none' ? [] : hostFiles(ENCRYPTION)),
    ],
    liveness: { path: '/livez', port, scheme: 'HTTPS' },
    readiness: { path: '/readyz', port, scheme: 'HTTPS' },
    startupSeconds: 300,
    requests: { cpu: '250m', memory: '512Mi' },
    node,
  });
}
