import { at } from '../../diagnostics/diagnostic.ts';
import { mayMeet } from '../neighbour.ts';
import type { Neighbourhood, Rule } from '../rule.ts';
import page from './address-of-another-cluster.md';

/** Two machines that answer to one address answer each half of the time, whichever cluster they are of. */
export const addressOfAnotherCluster: Rule<Neighbourhood> = {
  code: 'review/address-of-another-cluster',
  page,
  find: ({ own, neighbours }) =>
    neighbours.flatMap(({ claims, place }) => {
      if (!mayMeet(own, claims)) return [];
      const shared = [...own.addresses].flatMap(([address, mine]) => {
        const theirs = claims.addresses.get(address);
        return theirs === undefined ? [] : [{ address, mine, theirs }];
      });
      const [first, ...others] = shared;
      if (first === undefined) return [];
      const more = others.length === 0 ? '' : `, and ${String(others.length)} more addresses are in both`;
      const { address, mine, theirs } = first;
      return [
        {
          message: `${address} of ${mine.what} is that of ${theirs.what} in ${claims.name}${more}`,
          places: [at(mine.path), place(theirs.path, `of ${claims.name}`)],
        },
      ];
    }),
};
