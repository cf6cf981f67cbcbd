import { toYaml } from '../../base/yaml.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import { CONTAINERD_CONFIGURATION, knownChecksum, pauseImage } from '../../cluster/versions.ts';
import { pinnedImage, runsKubelet, type Cluster, type ClusterNode, type Mirror } from '../../cluster/cluster.ts';
import type { DownloadItem, FileItem } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { BIN, CNI_BIN, CONTAINERD_ENDPOINT } from '../node-paths.ts';
import config from './config.toml.ejs';
import unit from './containerd.service.ejs';
import hosts from './hosts.toml.ejs';

const CERTS = '/etc/containerd/certs.d';
const CRICTL = { 'runtime-endpoint': CONTAINERD_ENDPOINT, 'image-endpoint': CONTAINERD_ENDPOINT };

/** containerd, runc and the CNI plugins: release files of known checksum, the same on every operating system. */
export const containerd: Component = {
  name: 'containerd',
  plan(cluster, node) {
    if (!runsKubelet(cluster, node)) return [];
    const pause = pinnedImage(cluster, pauseImage(cluster.versions));
    return [
      ...downloads(cluster, node),
      {
        kind: 'file',
        path: '/etc/containerd/config.toml',
        mode: 0o644,
        content: config({
          version: CONTAINERD_CONFIGURATION,
          pause,
          certs: CERTS,
          runc: `${BIN}/runc`,
          selinux: enforcesSelinux(node),
        }),
      },
      { kind: 'file', path: '/etc/crictl.yaml', mode: 0o644, content: toYaml(CRICTL) },
      ...cluster.mirrors.flatMap(mirrorFiles),
      { kind: 'directory', path: '/etc/cni/net.d', mode: 0o755 },
      { kind: 'directory', path: CNI_BIN, mode: 0o755 },
      { kind: 'unit', name: 'containerd.service', enabled: true, content: unit({ bin: BIN }) },
      { kind: 'phase', phase: 'runtime', unit: 'containerd.service' },
      { kind: 'image', reference: pause },
    ];
  },
};

function downloads(cluster: Cluster, node: ClusterNode): DownloadItem[] {
  const { containerd: version, runc, cniPlugins, crictl } = cluster.versions;
  const { arch } = node.os;
  const github = 'https://github.com';
  const item = (
    project: string,
    projectVersion: string,
    path: string,
    target: string,
    members?: readonly string[],
  ): DownloadItem => {
    const url = `${github}/${path}`;
    const sha256 = cluster.pins.downloads[url] ?? knownChecksum(cluster.versions.facts, project, projectVersion, arch);
    const title = `${project} ${projectVersion} (${arch})`;
    const chosen = project === 'containerd' && cluster.options.containerd?.version !== undefined;
    return {
      kind: 'download',
      url,
      sha256,
      target,
      title,
      origin: chosen ? ['components', 'containerd', 'version'] : ['kubernetes', 'version'],
      ...(members === undefined ? {} : { members }),
    };
  };
  return [
    item(
      'containerd',
      version,
      `containerd/containerd/releases/download/v${version}/containerd-${version}-linux-${arch}.tar.gz`,
      BIN,
      ['containerd', 'containerd-shim-runc-v2', 'ctr'],
    ),
    item('runc', runc, `opencontainers/runc/releases/download/v${runc}/runc.${arch}`, `${BIN}/runc`),
    item(
      'cni-plugins',
      cniPlugins,
      `containernetworking/plugins/releases/download/v${cniPlugins}/cni-plugins-linux-${arch}-v${cniPlugins}.tgz`,
      CNI_BIN,
      ['bandwidth', 'bridge', 'firewall', 'host-local', 'loopback', 'portmap', 'tuning'],
    ),
    item(
      'crictl',
      crictl,
      `kubernetes-sigs/cri-tools/releases/download/v${crictl}/crictl-v${crictl}-linux-${arch}.tar.gz`,
      BIN,
      ['crictl'],
    ),
  ];
}

/** containerd reads certs.d/<registry>/hosts.toml at every pull (containerd docs/hosts.md). */
function mirrorFiles(mirror: Mirror): FileItem[] {
  const folder = `${CERTS}/${mirror.registry}`;
  const ca = mirror.ca === undefined ? '' : `${folder}/ca.pem`;
  const server = mirror.onlyMirrors ? (mirror.endpoints[0] ?? '') : upstream(mirror.registry);
  const files: FileItem[] = [
    {
      kind: 'file',
      path: `${folder}/hosts.toml`,
      mode: 0o644,
      content: hosts({ server, endpoints: mirror.endpoints, ca }),
    },
  ];
  if (mirror.ca !== undefined) files.push({ kind: 'file', path: ca, mode: 0o644, content: mirror.ca });
  return files;
}

function upstream(registry: string): string {
  return `https://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`;
}
