import type { Cluster } from '../cluster/cluster.ts';
import { kindsOf, largestText, sharesOf, sizeText } from '../output/payload-kinds.ts';
import type { RenderedNode } from '../output/rendered-node.ts';

/** As many kinds of nodes as people read about; the README and --json have all. */
const KINDS = 4;

/** For people: how large the payloads of each kind of node are at most, and what fills them. */
export function sizeLines(nodes: readonly RenderedNode[], { payload: { limits } }: Cluster): string[] {
  const kinds = kindsOf(nodes);
  const lines = kinds
    .slice(0, KINDS)
    .flatMap(({ what, count, heaviest }) => [
      `${String(count)} × ${what}: ${sizeText(heaviest, limits)}`,
      `  largest: ${largestText(heaviest, 4)}`,
    ]);
  const more = kinds.length - KINDS;
  return more > 0 ? [...lines, `… and ${String(more)} more kinds of nodes`] : lines;
}

/** The same for programs. */
export function sizeValues(nodes: readonly RenderedNode[]): object[] {
  return kindsOf(nodes).map(({ what, count, heaviest }) => {
    const { step, upperBoundBytes, servedBytes, perLimit } = heaviest.payload;
    const largest = sharesOf(heaviest).slice(0, 10);
    return {
      what,
      nodes: count,
      encoding: step,
      atMost: upperBoundBytes,
      servedAtMost: servedBytes,
      limits: perLimit,
      largest,
    };
  });
}
