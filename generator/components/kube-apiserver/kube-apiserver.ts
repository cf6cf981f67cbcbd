import {
  isControlPlane,
  isSupervised,
  localApiServerUrl,
  pinnedImage,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import type { FileItem, PlanItem, Restart } from '../../nodeplan/items.ts';
import { hole } from '../../secrets/holes.ts';
import type { Component } from '../component.ts';
import { ownedBy, programUnit, restartOf } from '../control-plane-unit.ts';
import { certificateFiles, trustFile } from '../identity-files.ts';
import {
  AUTHORIZATION_POLICY,
  BIN,
  CLUSTER_CA,
  ETCD_CA,
  FRONT_PROXY_CA,
  MANIFESTS,
  PKI,
  SERVICE_ACCOUNT_KEY,
  SERVICE_ACCOUNT_PUBLIC_KEYS,
  TRISKEL,
} from '../node-paths.ts';
import { hostFiles, keyPairFiles, type HostPath } from '../host-paths.ts';
import { KUBEADM_UNIT } from '../kubeadm-parts.ts';
import { checkProgramArguments } from '../extra-arguments.ts';
import { kubernetesPrograms } from '../kubernetes-programs.ts';
import { staticPod } from '../static-pod.ts';
import { apiServerArguments, AUDIT_LOGS, AUDIT_POLICY, AUTHENTICATION, ENCRYPTION, etcdServers } from './arguments.ts';
import awaitEtcd from './await-etcd.ejs';
import { auditPolicy, authentication, encryption } from '../api-server-configs.ts';
import { OWNED } from './owned-flags.ts';

const NAME = 'kube-apiserver';
const OWN_KEY_PAIRS = ['apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'front-proxy-client'] as const;
const AWAIT_ETCD = `${TRISKEL}/await-etcd`;

/** The API server as a static pod or a unit, with its identities and configurations. */
export const kubeApiserver: Component = {
  name: NAME,
  check: (cluster) => checkProgramArguments(cluster, NAME, OWNED, cluster.controlPlaneNodes, apiServerArguments),
  plan(cluster, node) {
    const form = formOf(cluster, node);
    if (form.length === 0) return [];
    return [
      ...form,
      ...ownedBy(cluster, NAME, [...identities(cluster, node), ...configurations(cluster)]),
      signingKey(cluster),
      {
        kind: 'port',
        protocol: 'tcp',
        port: cluster.controlPlane.port,
        purpose: 'the Kubernetes API',
        from: 'anywhere',
      },
    ];
  },
  kubeadm: (cluster, node) => ({
    kind: 'program',
    name: NAME,
    arguments: apiServerArguments(cluster, node),
    hostPaths: hostPaths(cluster),
  }),
};

/** The program as this cluster runs it, and its phase; nothing where it does not, or others bring it. */
function formOf(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
  if (!isControlPlane(node)) return [];
  const phase = (unit: string): PlanItem => {
    return { kind: 'phase', phase: 'api', unit, url: `${localApiServerUrl(cluster, node)}/readyz` };
  };
  switch (cluster.controlPlane.runs) {
    case 'static-pods': {
      const image = pinnedImage(cluster, `registry.k8s.io/${NAME}:v${cluster.versions.kubernetes}`);
      return [
        { kind: 'file', path: `${MANIFESTS}/${NAME}.yaml`, mode: 0o600, content: manifest(cluster, node, image) },
        ...logFolder(cluster),
        phase('kubelet.service'),
        { kind: 'image', reference: image },
      ];
    }
    case 'kubeadm':
      return [
        ...logFolder(cluster),
        phase(KUBEADM_UNIT),
        { kind: 'image', reference: pinnedImage(cluster, `registry.k8s.io/${NAME}:v${cluster.versions.kubernetes}`) },
      ];
    case 'systemd':
      return [
        ...kubernetesPrograms(cluster, node, [NAME]),
        { kind: 'file', path: AWAIT_ETCD, mode: 0o755, content: awaitEtcdScript(cluster, node) },
        ...unit(cluster, node),
        phase(isSupervised(cluster) ? 'pacemaker.service' : `${NAME}.service`),
      ];
    case 'k3s':
      return [];
  }
}

function logFolder({ audit }: Cluster): readonly PlanItem[] {
  return audit.enabled ? [{ kind: 'directory', path: AUDIT_LOGS, mode: 0o700 }] : [];
}

function identities(cluster: Cluster, node: ClusterNode): FileItem[] {
  const restarts = [restartOf(cluster, NAME)];
  return [
    trustFile('cluster-ca', CLUSTER_CA, restarts),
    trustFile('etcd-ca', ETCD_CA, restarts),
    trustFile('front-proxy-ca', FRONT_PROXY_CA, restarts),
    ...OWN_KEY_PAIRS.flatMap((name) => certificateFiles(name, node, `${PKI}/${name}`, restarts)),
    {
      kind: 'file',
      path: SERVICE_ACCOUNT_PUBLIC_KEYS,
      mode: 0o600,
      content: `${hole('service-account', 'public')}\n`,
      restarts: signers(cluster),
    },
  ];
}

/**
 * Both programs use the service-account key: one verifies and signs requested tokens, the other signs the legacy ones. As
 * units, it belongs to the one, and to the group of the other.
 */
function signingKey(cluster: Cluster): FileItem {
  const shared = { owner: 'kube-controller-manager', group: NAME, mode: 0o640 };
  return {
    kind: 'file',
    path: SERVICE_ACCOUNT_KEY,
    mode: 0o600,
    content: `${hole('service-account', 'key')}\n`,
    restarts: signers(cluster),
    ...(cluster.controlPlane.runs === 'systemd' ? shared : {}),
  };
}

function signers(cluster: Cluster): Restart[] {
  return [restartOf(cluster, NAME), restartOf(cluster, 'kube-controller-manager')];
}

function configurations(cluster: Cluster): FileItem[] {
  const file = { kind: 'file', mode: 0o600, restarts: [restartOf(cluster, NAME)] } as const;
  const { audit, encryptionAtRest } = cluster;
  return [
    { ...file, path: AUTHENTICATION, content: authentication(cluster) },
    ...(audit.enabled ? [{ ...file, path: AUDIT_POLICY, content: auditPolicy() }] : []),
    ...(encryptionAtRest.provider === 'none'
      ? []
      : [{ ...file, path: ENCRYPTION, content: encryption(encryptionAtRest) }]),
  ];
}

function unit(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
  return programUnit(cluster, {
    name: NAME,
    description: 'Kubernetes API server',
    documentation: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
    program: `${BIN}/${NAME}`,
    arguments: apiServerArguments(cluster, node),
    notifies: true,
    before: AWAIT_ETCD,
    settings: cluster.audit.enabled
      ? [`LogsDirectory=${AUDIT_LOGS.replace('/var/log/', '')}`, 'LogsDirectoryMode=0700']
      : [],
    changesOwners: cluster.audit.enabled,
    port: cluster.controlPlane.port,
  });
}

function awaitEtcdScript(cluster: Cluster, node: ClusterNode): string {
  const client = `${PKI}/apiserver-etcd-client`;
  return awaitEtcd({ urls: etcdServers(cluster, node), ca: ETCD_CA, cert: `${client}.crt`, key: `${client}.key` });
}

function hostPaths(cluster: Cluster): HostPath[] {
  return [
    ...hostFiles(AUTHENTICATION, AUTHORIZATION_POLICY, CLUSTER_CA, ETCD_CA, FRONT_PROXY_CA),
    ...hostFiles(SERVICE_ACCOUNT_KEY, SERVICE_ACCOUNT_PUBLIC_KEYS),
    ...OWN_KEY_PAIRS.flatMap((name) => keyPairFiles(`${PKI}/${name}`)),
    ...(cluster.audit.enabled ? hostFiles(AUDIT_POLICY) : []),
    ...(cluster.audit.enabled ? [{ path: AUDIT_LOGS, type: 'Directory', writable: true } as const] : []),
    ...(cluster.encryptionAtRest.provider === 'none' ? [] : hostFiles(ENCRYPTION)),
  ];
}

function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
  const port = cluster.controlPlane.port;
  return staticPod({
    name: NAME,
    image,
    command: [NAME, ...apiServerArguments(cluster, node)],
    hostPaths: hostPaths(cluster),
    liveness: { path: '/livez', port, scheme: 'HTTPS' },
    readiness: { path: '/readyz', port, scheme: 'HTTPS' },
    startupSeconds: 300,
    requests: { cpu: '250m', memory: '512Mi' },
    node,
  });
}
