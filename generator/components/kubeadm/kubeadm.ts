import { toYaml, toYamlDocuments } from '../../base/yaml.ts';
import { isControlPlane, apiServerUrl, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { bootstrapsKubelet, isKubeadmNode, joinsByToken } from '../../cluster/kubeadm.ts';
import { kubernetesDownload } from '../../cluster/versions.ts';
import type { DownloadItem, LinkItem, PlanItem } from '../../nodeplan/items.ts';
import { hole } from '../../secrets/holes.ts';
import type { Addon, Component, KubernetesObject } from '../component.ts';
import { kubeconfigPath } from '../identity-files.ts';
import { KUBEADM_UNIT, kubeadmKubeconfig, type KubeadmPart } from '../kubeadm-parts.ts';
import { BIN, CLUSTER_CA, FRONT_PROXY_CA, PKI, TRISKEL } from '../node-paths.ts';
import type { Configuration } from '../settings.ts';
import { clusterConfiguration, FRONT_PROXY_ISSUER, ISSUER } from './cluster-configuration.ts';
import { configMaps } from './config-maps.ts';
import { commonKubeletConfiguration, DISCOVERY, documentsOf } from './documents.ts';
import { patchFiles } from './patches.ts';
import script from './run-kubeadm.sh';
import unit from './triskel-kubeadm.service.ejs';

const SCRIPT = `${TRISKEL}/run-kubeadm`;
const CONFIG = '/etc/kubernetes/kubeadm.yaml';
const TOKEN = '/etc/kubernetes/kubeadm/bootstrap-token';

const ISSUERS = [
  { issuer: ISSUER, ca: CLUSTER_CA },
  { issuer: FRONT_PROXY_ISSUER, ca: FRONT_PROXY_CA },
];

/** No component of the list: it needs what all of them say. Nothing where kubeadm does not run the control plane. */
export function kubeadmItems(
  cluster: Cluster,
  node: ClusterNode,
  components: readonly Component[],
): readonly PlanItem[] {
  if (!isKubeadmNode(cluster, node)) return [];
  const parts = partsOf(cluster, node, components);
  const common = commonOf(cluster, components);
  const controls = isControlPlane(node);
  return [
    download(cluster, node),
    {
      kind: 'file',
      path: CONFIG,
      mode: 0o600,
      content: toYamlDocuments(documentsOf(cluster, node, parts, common)),
    },
    ...patchFiles(cluster, node, parts, common),
    ...kubeconfigs(cluster, node),
    ...(controls ? issuing(cluster) : []),
    { kind: 'file', path: SCRIPT, mode: 0o755, content: script },
    {
      kind: 'unit',
      name: KUBEADM_UNIT,
      enabled: true,
      content: unit({
        bin: BIN,
        script: SCRIPT,
        action: controls ? 'init' : 'join',
        issuers: controls ? ISSUERS : [],
      }),
    },
  ];
}

/** What nodes that join or are upgraded read in the cluster; undefined where kubeadm does not run the control plane. */
export function kubeadmAddon(cluster: Cluster, components: readonly Component[]): Addon | undefined {
  const [first] = cluster.controlPlaneNodes;
  if (cluster.controlPlane.runs !== 'kubeadm' || first === undefined) return undefined;
  const ofCluster = clusterConfiguration(cluster, partsOf(cluster, first, components));
  return {
    name: 'kubeadm',
    order: 15,
    objects: configMaps(cluster, ofCluster, commonOf(cluster, components)),
    images: [],
    // run-kubeadm writes it: when it expires is known at the cluster's first start.
    touches: joinsByToken(cluster) ? [BOOTSTRAP_TOKEN] : [],
  };
}

const BOOTSTRAP_TOKEN: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'bootstrap-token', namespace: 'kube-system' },
};

function partsOf(cluster: Cluster, node: ClusterNode, components: readonly Component[]): KubeadmPart[] {
  return components.flatMap((component) => component.kubeadm?.(cluster, node) ?? []);
}

/** Of a worker without anything of its own. */
function commonOf(cluster: Cluster, components: readonly Component[]): Configuration {
  const [first] = cluster.controlPlaneNodes;
  if (first === undefined) return {};
  const plain: ClusterNode = { ...first, roles: ['worker'], labels: {}, taints: [], options: cluster.options };
  const [own] = partsOf(cluster, plain, components).flatMap((part) => (part.kind === 'kubelet' ? [part] : []));
  return commonKubeletConfiguration(cluster, own?.configuration ?? {});
}

function download(cluster: Cluster, node: ClusterNode): DownloadItem {
  const { url, sha256 } = kubernetesDownload(cluster.versions, node.os.arch, 'kubeadm');
  return {
    kind: 'download',
    url,
    sha256: cluster.pins.downloads[url] ?? sha256,
    target: `${BIN}/kubeadm`,
    title: `kubeadm ${cluster.versions.kubernetes} (${node.os.arch})`,
    origin: ['kubernetes', 'version'],
  };
}

/**
 * kubeadm's names for the kubeconfigs of this node. Without a CA key it demands an admin.conf of a control-plane node: that is
 * the add-on applier's, whose rights are listed, so that no node has an identity that may do anything.
 */
function kubeconfigs(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const link = (name: Parameters<typeof kubeadmKubeconfig>[0], of: string = name): LinkItem => ({
    kind: 'link',
    path: kubeadmKubeconfig(name),
    target: kubeconfigPath(of).slice(kubeconfigPath(of).lastIndexOf('/') + 1),
  });
  if (isControlPlane(node)) {
    return [link('admin', 'addons'), link('kubelet'), link('controller-manager'), link('scheduler')];
  }
  if (!bootstrapsKubelet(cluster, node)) return [link('kubelet')];
  return [{ kind: 'file', path: DISCOVERY, mode: 0o600, content: toYaml(discovery(cluster, node)) }];
}

/** Names the CA, which is there already, so that the token alone proves nothing to the node and all to the cluster. */
function discovery(cluster: Cluster, node: ClusterNode): Record<string, unknown> {
  const token = `${hole('bootstrap-token', 'id')}.${hole('bootstrap-token', 'secret')}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'cluster', cluster: { 'certificate-authority': CLUSTER_CA, server: apiServerUrl(cluster, node) } },
    ],
    users: [{ name: 'bootstrap', user: { token } }],
    contexts: [{ name: 'bootstrap', context: { cluster: 'cluster', user: 'bootstrap' } }],
    'current-context': 'bootstrap',
  };
}

/** The CAs; the key of the cluster's, where the controller-manager signs certificates of nodes, and the token that proves who may ask. */
function issuing(cluster: Cluster): PlanItem[] {
  const issuer = (id: string, path: string) => {
    return { kind: 'file', path, mode: 0o644, content: `${hole(id, 'cert')}\n` } as const;
  };
  const [ca, frontProxy] = [issuer('cluster-ca', ISSUER), issuer('front-proxy-ca', FRONT_PROXY_ISSUER)];
  if (!joinsByToken(cluster)) return [ca, frontProxy];
  const restarts = [{ kind: 'static-pod', name: 'kube-controller-manager' }] as const;
  const hours = String(cluster.options.kubeadm?.tokenHours ?? 24);
  const lines = [
    `id=${hole('bootstrap-token', 'id')}`,
    `secret=${hole('bootstrap-token', 'secret')}`,
    `hours=${hours}`,
  ];
  return [
    { ...ca, restarts },
    frontProxy,
    { kind: 'file', path: `${PKI}/ca.key`, mode: 0o600, content: `${hole('cluster-ca', 'key')}\n`, restarts },
    { kind: 'file', path: TOKEN, mode: 0o600, content: `${lines.join('\n')}\n` },
  ];
}
