import { hostPort } from '../../base/networks.ts';
import {
  isControlPlane,
  localApiServerUrl,
  loopbackOf,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import { k3sDownload, k3sRelease, type K3sFile } from '../../cluster/k3s.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import type { DownloadItem, FileItem, PlanItem } from '../../nodeplan/items.ts';
import { auditPolicy, authentication } from '../api-server-configs.ts';
import type { Component } from '../component.ts';
import { trustFile } from '../identity-files.ts';
import { BIN, CLUSTER_CA, TRISKEL } from '../node-paths.ts';
import { AUDIT_LOGS, AUDIT_POLICY, AUTHENTICATION } from './arguments.ts';
import { checkOptions } from './check.ts';
import { configFile, disabled, endpointUrl } from './config.ts';
import decide from './decide.ejs';
import unit from './k3s.service.ejs';
import { kubeletDropIn } from './kubelet.ts';
import {
  CONFIG,
  DATA,
  DATABASE,
  DECISION,
  RESOLV_CONF,
  SEEDS,
  SERVER,
  SERVER_CA,
  STATIC_PODS,
  TOKEN,
} from './paths.ts';
import { registryFiles } from './registries.ts';
import { seedFiles } from './seeds.ts';

const DECIDE = `${TRISKEL}/k3s-decide`;
/** A node that is re-made on purpose carries this file, as members of an etcd of its own do. */
const REPLACEMENT_MARK = '/etc/triskel/etcd-replacement';
/** By this file the operator lets another server than the first begin the cluster. */
const ALLOWED = '/etc/triskel/k3s-begin';
const ETCD_METRICS_PORT = 2381;

/** k3s: a server on every control-plane node, with etcd within it, and an agent on every other node. */
export const k3s: Component = {
  name: 'k3s',
  check: checkOptions,
  plan(cluster, node) {
    if (cluster.controlPlane.runs !== 'k3s' || !(isControlPlane(node) || node.roles.includes('worker'))) return [];
    const server = isControlPlane(node);
    const role = server ? 'server' : 'agent';
    const disk = server && node.etcdDisk !== undefined;
    return [
      ...downloads(cluster, node),
      // As k3s' installer has them: the program looks at the name by which it is called.
      ...['kubectl', 'crictl', 'ctr'].map((name) => ({ kind: 'link', path: `${BIN}/${name}`, target: 'k3s' }) as const),
      trustFile('cluster-ca', CLUSTER_CA, []),
      ...seedFiles(cluster, server),
      { kind: 'file', path: CONFIG, mode: 0o600, content: configFile(cluster, node) },
      {
        kind: 'file',
        path: `${DATA}/agent/etc/kubelet.conf.d/50-triskel.conf`,
        mode: 0o600,
        content: kubeletDropIn(cluster, node),
      },
      ...registryFiles(cluster),
      ...(server ? apiServerFiles(cluster) : []),
      { kind: 'file', path: DECIDE, mode: 0o755, content: decideScript(cluster, node) },
      {
        kind: 'unit',
        name: unitName(server),
        enabled: true,
        content: unit({ role, decide: DECIDE, bin: BIN, mount: disk ? DATABASE : '' }),
      },
      { kind: 'directory', path: DATA, mode: 0o755 },
      { kind: 'directory', path: STATIC_PODS, mode: 0o755 },
      ...(disk
        ? [
            { kind: 'directory', path: DATABASE, mode: 0o700 } as const,
            { kind: 'filesystem', device: node.etcdDisk, path: DATABASE, format: 'ext4', label: 'etcd' } as const,
          ]
        : []),
      ...(enforcesSelinux(node) ? [{ kind: 'package', name: 'k3s-selinux' } as const] : []),
      { kind: 'kernel-module', name: 'nf_conntrack' },
      ...phases(cluster, node, server),
      ...ports(cluster, server),
    ];
  },
};

function unitName(server: boolean): string {
  return server ? 'k3s.service' : 'k3s-agent.service';
}

function downloads(cluster: Cluster, node: ClusterNode): DownloadItem[] {
  const release = k3sRelease(cluster);
  const { arch } = node.os;
  const item = (file: K3sFile, target: string, title: string): DownloadItem => {
    const { url, sha256 } = k3sDownload(cluster.versions, release, arch, file);
    return {
      kind: 'download',
      url,
      sha256: cluster.pins.downloads[url] ?? sha256,
      target,
      title: `${title} ${release} (${arch})`,
      origin: ['kubernetes', 'version'],
    };
  };
  const program = item('k3s', `${BIN}/k3s`, 'k3s');
  if (cluster.options.k3s?.images !== 'archive') return [program];
  return [program, item('images', `${DATA}/agent/images/k3s-airgap-images-${arch}.tar.zst`, 'the images of k3s')];
}

function apiServerFiles(cluster: Cluster): PlanItem[] {
  const file = (path: string, content: string): FileItem => ({ kind: 'file', path, mode: 0o600, content });
  return [
    file(AUTHENTICATION, authentication(cluster)),
    ...(cluster.audit.enabled
      ? ([file(AUDIT_POLICY, auditPolicy()), { kind: 'directory', path: AUDIT_LOGS, mode: 0o700 }] as const)
      : []),
  ];
}

function decideScript(cluster: Cluster, node: ClusterNode): string {
  const server = isControlPlane(node);
  const servers = cluster.controlPlaneNodes;
  return decide({
    server,
    name: node.name,
    first: servers[0]?.name ?? '',
    phase: server ? 'etcd' : 'kubelet',
    user: server ? 'server' : 'node',
    password: server ? 'token' : 'agent-token',
    addresses: node.addresses.map(({ text }) => text),
    endpoint: endpointUrl(cluster),
    peers: servers.filter((other) => other !== node).map((other) => serverUrl(cluster, other)),
    needed: Math.floor(servers.length / 2),
    wait: cluster.options.k3s?.initialWait ?? 60,
    seeds: SEEDS,
    ca: SERVER_CA,
    token: TOKEN,
    resolvConf: RESOLV_CONF,
    state: SERVER,
    decision: DECISION,
    mark: REPLACEMENT_MARK,
    allowed: ALLOWED,
  });
}

function serverUrl(cluster: Cluster, node: ClusterNode): string {
  return `https://${hostPort(node.addresses[0].text, cluster.controlPlane.port)}`;
}

function phases(cluster: Cluster, node: ClusterNode, server: boolean): PlanItem[] {
  const unit = unitName(server);
  const at = (port: number, path: string): string => `http://${hostPort(loopbackOf(node), port)}${path}`;
  return [
    { kind: 'phase', phase: 'kubelet', unit, url: at(10_248, '/healthz') },
    ...(server
      ? ([
          { kind: 'phase', phase: 'etcd', unit, url: at(ETCD_METRICS_PORT, '/readyz') },
          { kind: 'phase', phase: 'api', unit, url: `${localApiServerUrl(cluster, node)}/readyz` },
        ] as const)
      : []),
  ];
}

/** docs.k3s.io, "Requirements", and what listens on the loopback address (pkg/daemons, pkg/etcd, pkg/agent). */
function ports(cluster: Cluster, server: boolean): PlanItem[] {
  const { port } = cluster.controlPlane;
  const flannel = cluster.network.plugin === 'flannel' && (cluster.options.flannel?.backend ?? 'vxlan') === 'vxlan';
  const nodePorts = [cluster.network.nodePorts.first, cluster.network.nodePorts.last] as const;
  const balanced = ['servicelb', 'traefik'].every((name) => !disabled(cluster).includes(name));
  const tcp = (number: number | readonly [number, number], purpose: string, from: 'loopback' | 'nodes' | 'anywhere') =>
    ({ kind: 'port', protocol: 'tcp', port: number, purpose, from }) as const;
  return [
    tcp(10_250, 'kubelet, for the API servers and metrics-server', 'nodes'),
    tcp(10_248, 'kubelet health', 'loopback'),
    tcp(10_256, 'kube-proxy health', 'loopback'),
    tcp(6444, server ? 'the API server behind k3s' : 'the agent’s way to the API servers', 'loopback'),
    tcp(10_010, 'containerd', 'loopback'),
    tcp(nodePorts, 'NodePort services', 'anywhere'),
    ...(flannel
      ? [{ kind: 'port', protocol: 'udp', port: 8472, purpose: 'pod network (VXLAN)', from: 'nodes' } as const]
      : []),
    ...(balanced ? [tcp(80, 'Traefik', 'anywhere'), tcp(443, 'Traefik', 'anywhere')] : []),
    ...(server
      ? [
          tcp(port, 'the Kubernetes API, and k3s between its nodes', 'anywhere'),
          {
            kind: 'port',
            protocol: 'tcp',
            port: 2379,
            purpose: 'etcd, for the API servers',
            from: 'control-plane',
          } as const,
          { kind: 'port', protocol: 'tcp', port: 2380, purpose: 'etcd, between its members', from: 'etcd' } as const,
          tcp(
            ETCD_METRICS_PORT,
            'etcd health and metrics',
            cluster.options.prometheus === undefined ? 'loopback' : 'nodes',
          ),
          tcp(10_257, 'controller-manager', 'loopback'),
          tcp(10_259, 'scheduler', 'loopback'),
        ]
      : []),
  ];
}
