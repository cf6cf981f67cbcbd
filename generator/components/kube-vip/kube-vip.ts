import { hostPort } from '../../base/networks.ts';
import { toYaml } from '../../base/yaml.ts';
import { localApiServerUrl, loopbackOf, pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { VirtualIp } from '../../cluster/endpoint.ts';
import type { FileItem, PlanItem } from '../../nodeplan/items.ts';
import { KUBE_VIP_USER } from '../../secrets/certificates.ts';
import { kubeconfig } from '../../secrets/kubeconfig.ts';
import { virtualIpsOf } from '../balancing.ts';
import type { Component } from '../component.ts';
import { hostFiles, keyPairFiles } from '../host-paths.ts';
import { certificateFiles, kubeconfigPath, trustFile } from '../identity-files.ts';
import { interfaceFile, interfaceOf } from '../node-interface.ts';
import { CLUSTER_CA, manifestFolder, PKI } from '../node-paths.ts';
import { staticPod } from '../static-pod.ts';

const NAME = 'kube-vip';
const PAIR = `${PKI}/${NAME}`;
const KUBECONFIG = kubeconfigPath(NAME);
const METRICS_PORT = 2112;
const RESTARTS = [{ kind: 'static-pod', name: NAME }] as const;

/**
 * kube-vip as a static pod of the control-plane nodes: the holder of a lease has the virtual IP. It reaches the API server of
 * its own node and never the virtual IP, which nobody would have then; a node that is cut off cannot renew, and gives it up.
 */
export const kubeVip: Component = {
  name: NAME,
  plan(cluster, node) {
    const virtualIp = virtualIpsOf(cluster, node).find(({ movedBy }) => movedBy === NAME);
    if (virtualIp === undefined) return [];
    const image = pinnedImage(
      cluster,
      cluster.options[NAME]?.image ?? `ghcr.io/kube-vip/kube-vip:v${cluster.versions.kubeVip}`,
    );
    const manifest: FileItem = {
      kind: 'file',
      path: `${manifestFolder(cluster)}/kube-vip.yaml`,
      mode: 0o600,
      content: manifestOf(cluster, node, virtualIp, image),
    };
    return [
      trustFile('cluster-ca', CLUSTER_CA, RESTARTS),
      ...certificateFiles(NAME, node, PAIR, RESTARTS),
      { kind: 'file', path: KUBECONFIG, mode: 0o600, content: configOf(cluster, node), restarts: RESTARTS },
      { kind: 'directory', path: manifestFolder(cluster), mode: 0o755 },
      ...interfaceFile(node, manifest),
      { kind: 'image', reference: image },
      { kind: 'phase', phase: 'vip', unit: 'kubelet.service', url: metricsUrl(node) },
      { kind: 'port', protocol: 'tcp', port: METRICS_PORT, purpose: 'kube-vip metrics', from: 'loopback' },
    ] satisfies PlanItem[];
  },
  // Before RBAC has an object: whoever applies RBAC's may wait for the virtual IP.
  rights: (cluster) =>
    cluster.virtualIps.some(({ movedBy }) => movedBy === NAME)
      ? [{ user: KUBE_VIP_USER, apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system' }]
      : [],
};

function metricsUrl(node: ClusterNode): string {
  return `http://${hostPort(loopbackOf(node), METRICS_PORT)}/metrics`;
}

function configOf(cluster: Cluster, node: ClusterNode): string {
  const server = localApiServerUrl(cluster, node);
  return toYaml(
    kubeconfig({ server, caFile: CLUSTER_CA, certFile: `${PAIR}.crt`, keyFile: `${PAIR}.key`, user: NAME }),
  );
}

/** Its settings are variables (kube-vip, pkg/kubevip/config_envvar.go, v1.2.3). */
export function kubeVipEnvironment(
  cluster: Cluster,
  node: ClusterNode,
  { addresses }: VirtualIp,
): Record<string, string> {
  const { leaseDuration = 5 } = cluster.options[NAME] ?? {};
  return {
    vip_arp: 'true',
    vip_nodename: node.name,
    vip_interface: interfaceOf(node),
    address: addresses.map(({ text }) => text).join(','),
    vip_subnet: addresses.map(({ family }) => (family === 'ipv4' ? '32' : '128')).join(','),
    port: String(cluster.controlPlane.port),
    cp_enable: 'true',
    cp_namespace: 'kube-system',
    svc_enable: 'false',
    vip_leaderelection: 'true',
    vip_leasename: 'plndr-cp-lock',
    vip_leaseduration: String(leaseDuration),
    vip_renewdeadline: String(Math.max(2, Math.floor((leaseDuration * 2) / 3))),
    vip_retryperiod: String(Math.max(1, Math.floor(leaseDuration / 5))),
    k8s_config_file: KUBECONFIG,
    kubernetes_addr: localApiServerUrl(cluster, node),
    prometheus_server: hostPort(loopbackOf(node), METRICS_PORT),
  };
}

function manifestOf(cluster: Cluster, node: ClusterNode, virtualIp: VirtualIp, image: string): string {
  const health = { path: '/metrics', port: METRICS_PORT, scheme: 'HTTP' } as const;
  return staticPod({
    name: NAME,
    image,
    command: ['/kube-vip', 'manager'],
    environment: kubeVipEnvironment(cluster, node, virtualIp),
    hostPaths: [...hostFiles(KUBECONFIG, CLUSTER_CA), ...keyPairFiles(PAIR)],
    liveness: health,
    readiness: health,
    // It ends when the API server does not answer, and is started again.
    startupSeconds: 300,
    requests: { cpu: '50m', memory: '64Mi' },
    user: 0,
    capabilities: ['NET_ADMIN', 'NET_RAW'],
    node,
  });
}
