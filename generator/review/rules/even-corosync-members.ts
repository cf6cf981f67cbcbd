import { corosyncMembers } from '../../cluster/corosync.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './even-corosync-members.md';

/** Of an even number of members two halves may face each other, and neither has a quorum. */
export const evenCorosyncMembers: Rule = {
  code: 'review/even-corosync-members',
  page,
  find(cluster) {
    const members = corosyncMembers(cluster);
    if (members.length < 4 || members.length % 2 === 1 || cluster.options.corosync?.qdevice !== undefined) return [];
    const message = `corosync has ${String(members.length)} members: of two halves that cannot reach each other neither goes on`;
    return [{ message, places: members.slice(-1).map(({ node }) => at(node.origin, 'the last one')) }];
  },
};
