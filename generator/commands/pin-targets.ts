import { parseImage, withoutDigest } from '../base/images.ts';
import { sortedBy } from '../base/order.ts';
import type { Cluster, Pins } from '../cluster/cluster.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';

export interface DownloadTarget {
  /** Upstream URL: the key in the pins file. */
  readonly url: string;
  readonly title: string;
  /** The hash that nodes check against now, from the version data or the pins. */
  readonly known: string | undefined;
}

export interface ImageTarget {
  /** With tag, without digest: the key in the pins file. */
  readonly reference: string;
  /** Platforms of the nodes that run it, `linux/amd64`. */
  readonly platforms: readonly string[];
}

/** What a cluster fetches and can be pinned, each once, sorted. */
export interface PinTargets {
  readonly downloads: readonly DownloadTarget[];
  readonly images: readonly ImageTarget[];
}

/** Takes the plans before an operating system has turned their downloads into scripts. */
export function pinTargets(cluster: Cluster, plans: readonly NodePlan[]): PinTargets {
  const downloads = new Map<string, DownloadTarget>();
  const images = new Map<string, ImageTarget>();
  for (const { node, downloads: ofNode, images: imagesOfNode } of plans) {
    for (const { url, title, sha256 } of cluster.binaries.source === 'image' ? [] : ofNode)
      downloads.set(url, { url, title, known: sha256 });
    for (const { reference: written } of imagesOfNode) {
      const reference = withoutDigest(written);
      const digest = parseImage(written)?.digest;
      // A digest that the blueprint itself gives is nobody else's to choose.
      if (digest !== undefined && cluster.pins.images[reference] !== digest) continue;
      const platforms = new Set(images.get(reference)?.platforms).add(`linux/${node.os.arch}`);
      images.set(reference, { reference, platforms: [...platforms].sort() });
    }
  }
  return {
    downloads: sortedBy([...downloads.values()], (target) => target.url),
    images: sortedBy([...images.values()], (target) => target.reference),
  };
}

/** What nodes would take unchecked, or by a tag that may move. */
export function unpinned(targets: PinTargets, pins: Pins): { downloads: DownloadTarget[]; images: ImageTarget[] } {
  return {
    downloads: targets.downloads.filter((target) => target.known === undefined),
    images: targets.images.filter((target) => pins.images[target.reference] === undefined),
  };
}
