import { overlap } from '../../base/networks.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import { mayMeet, pairs, routerIdKey, sameRouterIds } from '../neighbour.ts';
import type { Neighbourhood, Rule } from '../rule.ts';
import page from './virtual-router-id-taken.md';

/** Two VRRP routers of one ID on one network take the virtual IP from each other (RFC 9568, 5.2.3 and 7.3). */
export const virtualRouterIdTaken: Rule<Neighbourhood> = {
  code: 'review/virtual-router-id-taken',
  page,
  find: ({ own, neighbours }) =>
    neighbours.flatMap(({ claims, place }) => {
      const shared = pairs(own.network.nodes, claims.network.nodes, overlap);
      if (shared.length === 0 || !mayMeet(own, claims)) return [];
      return sameRouterIds(own, claims).map(({ mine, theirs }) => ({
        message: `the virtual router ID ${String(mine.routerId)} is that of ${claims.name} on the same network`,
        places: [at(routerIdKey(mine)), place(routerIdKey(theirs), `of ${claims.name}`)],
      }));
    }),
};
