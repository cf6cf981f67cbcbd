import { overlap } from '../../base/networks.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import { mayMeet, pairs, routerIdKey, sameRouterIds } from '../neighbour.ts';
import type { Neighbourhood, Rule } from '../rule.ts';
import page from './virtual-router-id-repeated.md';

/** Networks with other addresses may still be one wire, and VRRP hears everybody on the wire. */
export const virtualRouterIdRepeated: Rule<Neighbourhood> = {
  code: 'review/virtual-router-id-repeated',
  page,
  find: ({ own, neighbours }) =>
    neighbours.flatMap(({ claims, place }) => {
      const shared = pairs(own.network.nodes, claims.network.nodes, overlap);
      if (shared.length > 0 || !mayMeet(own, claims)) return [];
      return sameRouterIds(own, claims).map(({ mine, theirs }) => ({
        message: `the virtual router ID ${String(mine.routerId)} is that of ${claims.name}, too, and nothing here says that the two are on different networks`,
        places: [at(routerIdKey(mine)), place(routerIdKey(theirs), `of ${claims.name}`)],
      }));
    }),
};
