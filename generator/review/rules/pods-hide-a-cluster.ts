import { overlap } from '../../base/networks.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import { mayMeet, pairs } from '../neighbour.ts';
import type { Neighbourhood, Rule } from '../rule.ts';
import page from './pods-hide-a-cluster.md';

/** What lies in a cluster's pod or service network is not reached from within it. */
export const podsHideACluster: Rule<Neighbourhood> = {
  code: 'review/pods-hide-a-cluster',
  page,
  find: ({ own, neighbours }) =>
    neighbours.flatMap(({ claims, place }) => {
      if (!mayMeet(own, claims)) return [];
      return (['pods', 'services'] as const).flatMap((name) =>
        pairs(own.network[name], claims.network.nodes, overlap).map(([mine, theirs]) => ({
          message: `network.${name} ${mine.text} covers the machines of ${claims.name}, ${theirs.text}`,
          places: [at(['network', name]), place(['network', 'nodes'], `of ${claims.name}`)],
        })),
      );
    }),
};
