import { overlap, type Network } from '../../base/networks.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import { mayMeet, pairs } from '../neighbour.ts';
import type { Neighbourhood, Rule } from '../rule.ts';
import page from './overlapping-node-networks.md';

/** Machines of one network agree on where it ends; two that overlap and differ are not both right. */
export const overlappingNodeNetworks: Rule<Neighbourhood> = {
  code: 'review/overlapping-node-networks',
  page,
  find: ({ own, neighbours }) =>
    neighbours.flatMap(({ claims, place }) => {
      if (!mayMeet(own, claims)) return [];
      return pairs(own.network.nodes, claims.network.nodes, differ).map(([mine, theirs]) => ({
        message: `network.nodes ${mine.text} and ${theirs.text} of ${claims.name} overlap, and are not the same`,
        places: [at(['network', 'nodes']), place(['network', 'nodes'], `of ${claims.name}`)],
      }));
    }),
};

function differ(one: Network, other: Network): boolean {
  return overlap(one, other) && one.text !== other.text;
}
