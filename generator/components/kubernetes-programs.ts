import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { kubernetesDownload } from '../cluster/versions.ts';
import type { DownloadItem } from '../nodeplan/items.ts';
import { BIN } from './node-paths.ts';

/** Programs of the Kubernetes release, each a file of its own. */
export function kubernetesPrograms(cluster: Cluster, node: ClusterNode, files: readonly string[]): DownloadItem[] {
  return files.map((file) => {
    const { url, sha256 } = kubernetesDownload(cluster.versions, node.os.arch, file);
    return {
      kind: 'download',
      url,
      sha256: cluster.pins.downloads[url] ?? sha256,
      target: `${BIN}/${file}`,
      title: `${file} ${cluster.versions.kubernetes} (${node.os.arch})`,
      origin: ['kubernetes', 'version'],
    };
  });
}
