import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './holders-in-one-zone.md';

/** A virtual IP survives the failure of a zone when its holders are in more than one. */
export const holdersInOneZone: Rule = {
  code: 'review/holders-in-one-zone',
  page,
  find: ({ virtualIps, nodes }) =>
    virtualIps.flatMap(({ addresses, holders, origin }) => {
      const zones = new Set(holders.map(({ zone }) => zone));
      const [zone] = zones;
      const others = nodes.some((node) => node.zone !== undefined && node.zone !== zone);
      if (holders.length < 2 || zones.size > 1 || zone === undefined || !others) return [];
      const message = `all nodes that may hold the virtual IP ${addresses[0].text} are in zone ${zone}`;
      return [{ message, places: [at(origin), ...holders.map((node) => at(node.origin, `in ${zone}`))] }];
    }),
};
