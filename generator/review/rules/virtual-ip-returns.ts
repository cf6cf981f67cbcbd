import type { Cluster } from '../../cluster/cluster.ts';
import type { Mover } from '../../cluster/endpoint.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './virtual-ip-returns.md';

/** The key that makes a virtual IP return to its first holder, where the options have it so. */
const RETURNS: Partial<Record<Mover, (options: Cluster['options']) => string | undefined>> = {
  keepalived: ({ keepalived }) => (keepalived?.nopreempt === false ? 'nopreempt' : undefined),
  // The holders' order is a preference of 10 points.
  pacemaker: ({ pacemaker }) => ((pacemaker?.resourceStickiness ?? 100) < 10 ? 'resourceStickiness' : undefined),
};

/** A virtual IP that moves back moves once more than it has to, and breaks every connection again. */
export const virtualIpReturns: Rule = {
  code: 'review/virtual-ip-returns',
  page,
  find: ({ options, virtualIps }) =>
    virtualIps.flatMap(({ movedBy, addresses: [address], holders }) => {
      const key = holders.length > 1 ? RETURNS[movedBy]?.(options) : undefined;
      if (key === undefined) return [];
      const message = `${address.text} goes back to ${holders[0]?.name ?? ''} whenever that node returns`;
      return [{ message, places: [at(['components', movedBy, key])] }];
    }),
};
