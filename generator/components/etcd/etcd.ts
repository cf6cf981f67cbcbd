import { hostPort } from '../../base/networks.ts';
import {
  etcdRuns,
  isControlPlane,
  isEtcdMember,
  loopbackOf,
  pinnedImage,
  runsKubelet,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import { knownChecksum } from '../../cluster/versions.ts';
import type { DownloadItem, FileItem, PlanItem, PortItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { checkProgramArguments } from '../extra-arguments.ts';
import { ownedBy, programUnit, restartOf } from '../control-plane-unit.ts';
import { certificateFiles, trustFile } from '../identity-files.ts';
import { BIN, ETCD_CA, ETCD_PKI, MANIFESTS, TRISKEL } from '../node-paths.ts';
import { staticPod } from '../static-pod.ts';
import { clientUrl, DATA, etcdArguments, METRICS_PORT, MOUNT, peerUrl } from './arguments.ts';
import etcdctl from './etcdctl.ejs';
import guard from './guard.ejs';
import guardUnit from './guard.service.ejs';
import { OWNED } from './owned-flags.ts';

/** The manifest lies here until the guard lets etcd start. */
const WITHHELD = '/etc/triskel/etcd.yaml';
/** A node that is re-made on purpose carries this file: it never starts a cluster of its own. */
const REPLACEMENT_MARK = '/etc/triskel/etcd-replacement';
const GUARD = `${TRISKEL}/etcd-guard`;
const GUARD_UNIT = 'triskel-etcd-guard.service';
/** Where the release archive is unpacked: the operators' etcdctl is a script of ours. */
const ARCHIVE_BIN = '/opt/etcd/bin';
/** What the guard has decided, for the unit. The folder is root's: what stands here reaches the guard, which runs as root, too. */
const STATE = '/run/triskel/etcd-state';

/** etcd as a static pod or a unit, which starts when its guard lets it. */
export const etcd: Component = {
  name: 'etcd',
  check: (cluster) => checkProgramArguments(cluster, 'etcd', OWNED, cluster.etcdNodes, etcdArguments),
  plan(cluster, node) {
    if (!isEtcdMember(cluster, node)) return [];
    const form = formOf(cluster, node);
    if (form.length === 0) return [];
    return [
      ...form,
      ...disk(cluster, node),
      ...ownedBy(cluster, 'etcd', identity(cluster, node)),
      { kind: 'file', path: GUARD, mode: 0o755, content: guardScript(cluster, node) },
      { kind: 'file', path: `${BIN}/etcdctl`, mode: 0o755, content: etcdctlScript(cluster, node) },
      ...clientPort(cluster),
      { kind: 'port', protocol: 'tcp', port: 2380, purpose: 'etcd, between its members', from: 'etcd' },
      { kind: 'port', protocol: 'tcp', port: METRICS_PORT, purpose: 'etcd health and metrics', from: 'loopback' },
    ];
  },
  kubeadm: (cluster) => ({ kind: 'etcd', endpoints: cluster.etcdNodes.map(clientUrl) }),
};

/** etcdctl on one member asks all of them; members that are control-plane nodes may anyway. */
function clientPort({ etcdNodes }: Cluster): PortItem[] {
  const port = { kind: 'port', protocol: 'tcp', port: 2379 } as const;
  if (etcdNodes.every(isControlPlane))
    return [{ ...port, purpose: 'etcd, for the API servers', from: 'control-plane' }];
  const purpose = 'etcd, for the API servers and for etcdctl on its members';
  return [
    { ...port, purpose, from: 'control-plane' },
    { ...port, purpose, from: 'etcd' },
  ];
}

/** etcd as this cluster runs it, and its phase; nothing where k3s has it within itself. */
function formOf(cluster: Cluster, node: ClusterNode): readonly PlanItem[] {
  const phase = (unit: string): PlanItem => {
    return { kind: 'phase', phase: 'etcd', unit, url: `http://${hostPort(loopbackOf(node), METRICS_PORT)}/readyz` };
  };
  switch (etcdRuns(cluster)) {
    case 'static-pod': {
      const image = etcdImage(cluster);
      return [
        { kind: 'directory', path: MOUNT, mode: 0o700 },
        { kind: 'directory', path: MANIFESTS, mode: 0o755 },
        { kind: 'file', path: WITHHELD, mode: 0o600, content: manifest(cluster, node, image) },
        { kind: 'unit', name: GUARD_UNIT, enabled: true, content: guardUnit({ mount: MOUNT, script: GUARD }) },
        phase(GUARD_UNIT),
        { kind: 'image', reference: image },
      ];
    }
    case 'unit':
      return [
        // Its account passes through; the data folder within is the account's own, and nobody else's.
        { kind: 'directory', path: MOUNT, mode: 0o755 },
        archive(cluster, node),
        ...programUnit(cluster, {
          name: 'etcd',
          description: 'etcd, when its guard lets it start',
          documentation: 'https://etcd.io/docs/',
          program: `${ARCHIVE_BIN}/etcd`,
          arguments: etcdArguments(cluster, node),
          variables: { '--initial-cluster-state': 'INITIAL_CLUSTER_STATE' },
          notifies: true,
          before: GUARD,
          mounts: [MOUNT],
          settings: [
            `EnvironmentFile=-${STATE}`,
            // A disk that is kept while its machine is made anew has the numbers of the old account: systemd gives all of it away.
            `StateDirectory=${DATA.replace('/var/lib/', '')}`,
            'StateDirectoryMode=0700',
          ],
          port: 2379,
        }),
        phase('etcd.service'),
      ];
    case 'embedded':
      return [];
  }
}

/** Where the kubelet finds it: kubeadm's preflight refuses a node that has a manifest of the name etcd.yaml. */
function releasedManifest(cluster: Cluster): string {
  return `${MANIFESTS}/${cluster.controlPlane.runs === 'kubeadm' ? 'external-etcd' : 'etcd'}.yaml`;
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

/** The release archive, with the programs that operators use. */
function archive(cluster: Cluster, node: ClusterNode): DownloadItem {
  const { etcd: version, facts } = cluster.versions;
  const { arch } = node.os;
  const url = `https://github.com/etcd-io/etcd/releases/download/v${version}/etcd-v${version}-linux-${arch}.tar.gz`;
  const chosen = cluster.options.etcd?.version !== undefined;
  return {
    kind: 'download',
    url,
    sha256: cluster.pins.downloads[url] ?? knownChecksum(facts, 'etcd', version, arch),
    target: ARCHIVE_BIN,
    members: ['etcd', 'etcdctl', 'etcdutl'],
    title: `etcd ${version} (${arch})`,
    origin: chosen ? ['components', 'etcd', 'version'] : ['kubernetes', 'version'],
  };
}

/** etcd reads certificates and keys anew at every handshake, but not its CA: a restart is right for all of them. */
function identity(cluster: Cluster, node: ClusterNode): FileItem[] {
  const restarts = [restartOf(cluster, 'etcd')];
  return [
    trustFile('etcd-ca', ETCD_CA, restarts),
    ...certificateFiles('etcd-server', node, `${ETCD_PKI}/server`, restarts),
    ...certificateFiles('etcd-peer', node, `${ETCD_PKI}/peer`, restarts),
  ];
}

function guardScript(cluster: Cluster, node: ClusterNode): string {
  const others = cluster.etcdNodes.filter((member) => member !== node);
  return guard({
    runs: etcdRuns(cluster),
    name: node.name,
    own: peerUrl(node),
    peers: others.map(peerUrl),
    needed: Math.floor(cluster.etcdNodes.length / 2),
    data: DATA,
    state: STATE,
    withheld: WITHHELD,
    released: releasedManifest(cluster),
    mark: REPLACEMENT_MARK,
    ca: ETCD_CA,
    pki: ETCD_PKI,
  });
}

function etcdctlScript(cluster: Cluster, node: ClusterNode): string {
  const endpoint = `https://${hostPort(loopbackOf(node), 2379)}`;
  return etcdctl({ runs: etcdRuns(cluster), bin: BIN, archive: ARCHIVE_BIN, endpoint, ca: ETCD_CA, pki: ETCD_PKI });
}

function disk(cluster: Cluster, node: ClusterNode): PlanItem[] {
  if (node.etcdDisk === undefined) return [];
  const filesystem = { kind: 'filesystem', device: node.etcdDisk, path: MOUNT, format: 'ext4', label: 'etcd' } as const;
  if (!runsKubelet(cluster, node)) return [filesystem];
  return [
    filesystem,
    // A control-plane node without its etcd does not join on the strength of its peers'.
    {
      kind: 'drop-in',
      unit: 'kubelet.service',
      name: '10-etcd-disk.conf',
      content: `[Unit]\nRequiresMountsFor=${MOUNT}\n`,
    },
  ];
}
