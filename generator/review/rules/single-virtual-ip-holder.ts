import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './single-virtual-ip-holder.md';

/** A virtual IP that only one machine may hold moves nowhere. */
export const singleVirtualIpHolder: Rule = {
  code: 'review/single-virtual-ip-holder',
  page,
  find: ({ virtualIps, controlPlaneNodes }) =>
    virtualIps.flatMap(({ serves, addresses, holders, origin }) => {
      const [only, ...others] = holders;
      if (only === undefined || others.length > 0) return [];
      // With a single control-plane node there is nothing that could be held up: that is another rule's.
      if (serves === 'api' && controlPlaneNodes.length === 1 && controlPlaneNodes.includes(only)) return [];
      const message = `${only.name} is the only node that may hold the virtual IP ${addresses[0].text}`;
      return [{ message, places: [at(origin), at(only.origin, 'its only holder')] }];
    }),
};
