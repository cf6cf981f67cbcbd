import { hostPort } from '../../base/networks.ts';
import {
  etcdRuns,
  isEtcdMember,
  loopbackOf,
  pinnedImage,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import { etcdHasFeatureGates } from '../../cluster/versions.ts';
import type { FileItem, PlanItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { checkPodArguments, withExtraArguments } from '../extra-arguments.ts';
import { certificateFiles, trustFile } from '../identity-files.ts';
import { BIN, ETCD_CA, ETCD_PKI, MANIFESTS, TRISKEL } from '../node-paths.ts';
import { staticPod } from '../static-pod.ts';
import { TLS_CIPHER_SUITES } from '../tls.ts';
import etcdctl from './etcdctl.ejs';
import guard from './guard.ejs';
import guardUnit from './guard.service.ejs';
import { OWNED } from './owned-flags.ts';

/** The mount point of etcd's own disk, where it has one. */
const MOUNT = '/var/lib/etcd';
/** A subfolder of the mount: a folder beneath the mount point cannot be taken for it (etcd would be born on the root disk). */
const DATA = `${MOUNT}/data`;
/** The manifest lies here until the guard lets etcd start. */
const WITHHELD = '/etc/triskel/etcd.yaml';
/** A node that is re-made on purpose carries this file: it never starts a cluster of its own. */
const REPLACEMENT_MARK = '/etc/triskel/etcd-replacement';
const METRICS_PORT = 2381;
const GUARD = 'triskel-etcd-guard.service';

/** etcd as a static pod that starts when its guard lets it. */
export const etcd: Component = {
  name: 'etcd',
  check: (cluster) => checkPodArguments(cluster, 'etcd', OWNED, cluster.etcdNodes, etcdArguments),
  plan(cluster, node) {
    if (!isEtcdMember(cluster, node) || etcdRuns(cluster) !== 'static-pod') return [];
    const image = etcdImage(cluster);
    return [
      { kind: 'directory', path: MOUNT, mode: 0o700 },
      { kind: 'directory', path: MANIFESTS, mode: 0o755 },
      ...disk(node),
      ...identity(node),
      { kind: 'file', path: WITHHELD, mode: 0o600, content: manifest(cluster, node, image) },
      { kind: 'file', path: `${TRISKEL}/etcd-guard`, mode: 0o755, content: guardScript(cluster, node) },
      { kind: 'file', path: `${BIN}/etcdctl`, mode: 0o755, content: etcdctl({ bin: BIN, ca: ETCD_CA, pki: ETCD_PKI }) },
      {
        kind: 'unit',
        name: GUARD,
        enabled: true,
        content: guardUnit({ mount: MOUNT, script: `${TRISKEL}/etcd-guard` }),
      },
      { kind: 'phase', phase: 'etcd', unit: GUARD, url: `http://${hostPort(loopbackOf(node), METRICS_PORT)}/readyz` },
      { kind: 'port', protocol: 'tcp', port: 2379, purpose: 'etcd, for the API servers', from: 'control-plane' },
      { kind: 'port', protocol: 'tcp', port: 2380, purpose: 'etcd, between its members', from: 'etcd' },
      { kind: 'port', protocol: 'tcp', port: METRICS_PORT, purpose: 'etcd health and metrics', from: 'loopback' },
      { kind: 'image', reference: image },
    ];
  },
};

/** etcd's arguments, in the words of the etcd that is installed: 3.6 renamed what 3.5 called experimental. */
export function etcdArguments(cluster: Cluster, node: ClusterNode): string[] {
  const { heartbeatInterval = 100, electionTimeout = 1000, quotaGiB = 8, extraArguments } = cluster.options.etcd ?? {};
  const modern = etcdHasFeatureGates(cluster.versions);
  const own = [
    `--name=${node.name}`,
    `--data-dir=${DATA}`,
    `--initial-cluster=${cluster.etcdNodes.map((member) => `${member.name}=${peerUrl(member)}`).join(',')}`,
    `--initial-cluster-token=${cluster.name}`,
    '--initial-cluster-state=new',
    `--initial-advertise-peer-urls=${peerUrl(node)}`,
    `--listen-peer-urls=${peerUrl(node)}`,
    `--advertise-client-urls=${clientUrl(node)}`,
    `--listen-client-urls=https://${hostPort(loopbackOf(node), 2379)},${clientUrl(node)}`,
    `--listen-metrics-urls=http://${hostPort(loopbackOf(node), METRICS_PORT)}`,
    `--cert-file=${ETCD_PKI}/server.crt`,
    `--key-file=${ETCD_PKI}/server.key`,
    `--trusted-ca-file=${ETCD_CA}`,
    '--client-cert-auth=true',
    `--peer-cert-file=${ETCD_PKI}/peer.crt`,
    `--peer-key-file=${ETCD_PKI}/peer.key`,
    `--peer-trusted-ca-file=${ETCD_CA}`,
    '--peer-client-cert-auth=true',
    '--tls-min-version=TLS1.2',
    `--cipher-suites=${TLS_CIPHER_SUITES.join(',')}`,
    `--heartbeat-interval=${String(heartbeatInterval)}`,
    `--election-timeout=${String(electionTimeout)}`,
    `--quota-backend-bytes=${String(quotaGiB * 1024 ** 3)}`,
    '--snapshot-count=10000',
    // A member whose data differ from its peers' does not start to serve.
    modern ? '--feature-gates=InitialCorruptCheck=true' : '--experimental-initial-corrupt-check=true',
    // The API server's watch cache needs these to serve consistent reads (KEP-2340).
    modern ? '--watch-progress-notify-interval=5s' : '--experimental-watch-progress-notify-interval=5s',
  ];
  return withExtraArguments(own, extraArguments);
}

function etcdImage(cluster: Cluster): string {
  return pinnedImage(cluster, `registry.k8s.io/etcd:${cluster.versions.etcd}-0`);
}

function manifest(cluster: Cluster, node: ClusterNode, image: string): string {
  const health = { port: METRICS_PORT, scheme: 'HTTP' } as const;
  return staticPod({
    name: 'etcd',
    image,
    command: ['etcd', ...etcdArguments(cluster, node)],
    hostPaths: [
      { path: ETCD_PKI, type: 'Directory' },
      { path: DATA, type: 'Directory', writable: true },
    ],
    liveness: { ...health, path: '/livez' },
    readiness: { ...health, path: '/readyz' },
    startupSeconds: 300,
    requests: { cpu: '100m', memory: '256Mi' },
    node,
  });
}

/** etcd reads certificates and keys anew at every handshake, but not its CA: a restart is right for all of them. */
function identity(node: ClusterNode): FileItem[] {
  const restarts = [{ kind: 'static-pod', name: 'etcd' }] as const;
  return [
    trustFile('etcd-ca', ETCD_CA, restarts),
    ...certificateFiles('etcd-server', node, `${ETCD_PKI}/server`, restarts),
    ...certificateFiles('etcd-peer', node, `${ETCD_PKI}/peer`, restarts),
  ];
}

function guardScript(cluster: Cluster, node: ClusterNode): string {
  const others = cluster.etcdNodes.filter((member) => member !== node);
  return guard({
    name: node.name,
    own: peerUrl(node),
    peers: others.map(peerUrl),
    needed: Math.floor(cluster.etcdNodes.length / 2),
    data: DATA,
    withheld: WITHHELD,
    released: `${MANIFESTS}/etcd.yaml`,
    mark: REPLACEMENT_MARK,
    ca: ETCD_CA,
    pki: ETCD_PKI,
  });
}

function disk(node: ClusterNode): PlanItem[] {
  if (node.etcdDisk === undefined) return [];
  return [
    { kind: 'filesystem', device: node.etcdDisk, path: MOUNT, format: 'ext4', label: 'etcd' },
    // A control-plane node without its etcd does not join on the strength of its peers'.
    {
      kind: 'drop-in',
      unit: 'kubelet.service',
      name: '10-etcd-disk.conf',
      content: `[Unit]\nRequiresMountsFor=${MOUNT}\n`,
    },
  ];
}

function peerUrl(node: ClusterNode): string {
  return `https://${hostPort(node.addresses[0].text, 2380)}`;
}

function clientUrl(node: ClusterNode): string {
  return `https://${hostPort(node.addresses[0].text, 2379)}`;
}
