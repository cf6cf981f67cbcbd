import { toYaml } from '../../base/yaml.ts';
import { type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { knownChecksum } from '../../cluster/versions.ts';
import type { DownloadItem } from '../../nodeplan/items.ts';
import type { Addon, FetchedManifest, KustomizationSpec } from '../component.ts';
import { BIN, TRISKEL } from '../node-paths.ts';

/** A file of the set: apply-addons knows by its ending what it is. */
interface SetFile {
  readonly name: string;
  readonly content: string;
}

const FOLDER = `${TRISKEL}/manifests`;

/** Where the file lies on the node. */
function pathOf({ url }: FetchedManifest): string {
  return `${FOLDER}/${url.slice(url.lastIndexOf('/') + 1)}`;
}

/**
 * `<name>.fetched` says in sha256sum's words which file is meant; `<name>.kustomize` or `<name>.values` what is laid over it.
 * They come behind the add-on's own objects, which these may need.
 */
export function fetchedFiles(cluster: Cluster, { name, order, fetched }: Addon): SetFile[] {
  if (fetched === undefined) return [];
  const base = `${String(order + 1).padStart(2, '0')}-${name}`;
  const sum = { name: `${base}.fetched`, content: `${fetched.sha256 ?? 'unknown'}  ${pathOf(fetched)}\n` };
  if ('values' in fetched.by) return [sum, { name: `${base}.values`, content: toYaml(fetched.by.values) }];
  return [sum, { name: `${base}.kustomize`, content: toYaml(kustomization(cluster, fetched.by.kustomization)) }];
}

/** kustomize.config.k8s.io/v1beta1 (kubernetes-sigs/kustomize, api/types/kustomization.go); apply-addons puts the file beside it. */
function kustomization(cluster: Cluster, { patches, images }: KustomizationSpec): Record<string, unknown> {
  const pinned = images.flatMap((image) => {
    const digest = cluster.pins.images[image];
    return digest === undefined ? [] : [{ name: image.slice(0, image.lastIndexOf(':')), digest }];
  });
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['fetched.yaml'],
    sortOptions: { order: 'legacy' },
    patches: patches.map((patch) => ({ patch: toYaml(patch) })),
    ...(pinned.length === 0 ? {} : { images: pinned }),
  };
}

/** What a control-plane node needs to make these manifests of their parts. */
export function fetchedDownloads(
  cluster: Cluster,
  node: ClusterNode,
  fetched: readonly FetchedManifest[],
): DownloadItem[] {
  const charts = fetched.some(({ by }) => 'values' in by);
  return [
    ...fetched.map((manifest): DownloadItem => ({
      kind: 'download',
      url: manifest.url,
      sha256: manifest.sha256,
      target: pathOf(manifest),
      title: manifest.title,
      origin: ['network', 'plugin'],
    })),
    ...(charts ? [helm(cluster, node)] : []),
  ];
}

function helm(cluster: Cluster, { os: { arch } }: ClusterNode): DownloadItem {
  const { helm: version, facts } = cluster.versions;
  const url = `https://get.helm.sh/helm-v${version}-linux-${arch}.tar.gz`;
  return {
    kind: 'download',
    url,
    sha256: cluster.pins.downloads[url] ?? knownChecksum(facts, 'helm', version, arch),
    target: BIN,
    members: ['helm'],
    title: `helm ${version} (${arch})`,
    origin: ['network', 'plugin'],
  };
}
