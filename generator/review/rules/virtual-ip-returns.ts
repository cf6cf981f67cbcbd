import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './virtual-ip-returns.md';

/** A virtual IP that moves back moves once more than it has to, and breaks every connection again. */
export const virtualIpReturns: Rule = {
  code: 'review/virtual-ip-returns',
  page,
  find: ({ options, virtualIps }) => {
    if (options.keepalived?.nopreempt !== false) return [];
    const moved = virtualIps.find(({ movedBy, holders }) => movedBy === 'keepalived' && holders.length > 1);
    if (moved === undefined) return [];
    const message = `${moved.addresses[0].text} goes back to ${moved.holders[0]?.name ?? ''} whenever that node returns`;
    return [{ message, places: [at(['components', 'keepalived', 'nopreempt'])] }];
  },
};
