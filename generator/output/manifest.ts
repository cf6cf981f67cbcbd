import { digestOf } from '../base/digests.ts';
import { parseImage, withoutDigest } from '../base/images.ts';
import { sortedBy } from '../base/order.ts';
import { ignitionFacts } from '../cluster/ignition.ts';
import { packageFacts, systemFacts } from '../cluster/systems.ts';
import { programsOf } from './programs.ts';
import type { RenderedNode } from './rendered-node.ts';
import type { TreeInput } from './tree.ts';

/** The file that says what the tree consists of; written last, so that it never speaks of what is not there yet. */
export const MANIFEST = 'manifest.json';

/** Raised whenever the meaning of a field changes. */
const FORMAT = 1;

export interface FileEntry {
  readonly sha256: string;
  readonly size: number;
}

/** manifest.json: no generator version and no date, so that it changes with what it describes alone. */
export function manifestText(input: TreeInput, files: readonly (readonly [string, FileEntry])[]): string {
  const { cluster, addons, nodes } = input;
  const manifest = {
    format: FORMAT,
    cluster: cluster.name,
    factsDigest: digestOf([cluster.versions.facts, systemFacts, packageFacts, ignitionFacts]),
    kubernetes: cluster.versions.kubernetes,
    versions: Object.fromEntries(programsOf(cluster).map(({ program, version }) => [program, version])),
    addons: { kubernetes: addons.kubernetes, revision: addons.revision, sha256: addons.sha256 },
    images: Object.fromEntries(imagesOf(nodes).map(({ reference, digest }) => [reference, digest ?? 'by tag'])),
    nodes: Object.fromEntries(
      nodes.map(({ node, renderer, payload }) => [
        node.name,
        {
          format: renderer.format,
          encoding: payload.step,
          atMost: payload.upperBoundBytes,
          limits: payload.perLimit,
          ...(payload.servedBytes === undefined ? {} : { servedAtMost: payload.servedBytes }),
        },
      ]),
    ),
    files: Object.fromEntries(files),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The paths that an old manifest lists, itself among them; undefined when the text is no manifest. */
export function pathsOf(text: string): ReadonlySet<string> | undefined {
  try {
    const { format, files } = JSON.parse(text) as { format?: unknown; files?: unknown };
    const isManifest = typeof format === 'number' && typeof files === 'object' && files !== null;
    return isManifest ? new Set([...Object.keys(files), MANIFEST]) : undefined;
  } catch {
    return undefined;
  }
}

/** The versions of programs, by name, that an old manifest's nodes were made with; undefined when it does not say. */
export function versionsIn(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const { versions } = JSON.parse(text) as { versions?: unknown };
    const entries = typeof versions === 'object' && versions !== null ? Object.entries(versions) : [];
    const known = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return known.length > 0 ? Object.fromEntries(known) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True when an old manifest has other add-ons of the same Kubernetes version and revision: clusters that run will not take
 * the new ones, for nodes apply a set only when it is newer.
 */
export function hasOtherAddons(text: string, { kubernetes, revision, sha256 }: TreeInput['addons']): boolean {
  try {
    const { addons } = JSON.parse(text) as { addons?: Record<string, unknown> };
    const sameVersion = addons?.['kubernetes'] === kubernetes && addons['revision'] === revision;
    return sameVersion && addons['sha256'] !== sha256;
  } catch {
    return false;
  }
}

/** An image that a node pulls. */
export interface PulledImage {
  /** With tag, without digest. */
  readonly reference: string;
  /** Undefined: it is pulled by its tag, which may move. */
  readonly digest: string | undefined;
}

/** Every image that some node pulls, each once. */
export function imagesOf(nodes: readonly RenderedNode[]): PulledImage[] {
  const references = new Set(nodes.flatMap(({ plan }) => plan.images.map(({ reference }) => reference)));
  const images = [...references].map((written) => ({
    reference: withoutDigest(written),
    digest: parseImage(written)?.digest,
  }));
  return sortedBy(images, ({ reference }) => reference);
}
