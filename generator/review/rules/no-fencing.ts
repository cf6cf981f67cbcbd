import { corosyncMembers } from '../../cluster/corosync.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './no-fencing.md';

/** A node that does not answer may still hold what another one takes, unless it is switched off first. */
export const noFencing: Rule = {
  code: 'review/no-fencing',
  page,
  find(cluster) {
    const { pacemaker, corosync } = cluster.options;
    const members = corosyncMembers(cluster);
    // Of two, and nobody who decides between them, another rule tells.
    const decides = members.length > 2 || corosync?.qdevice !== undefined;
    if (members.length === 0 || pacemaker?.fencing !== 'none' || !decides) return [];
    const message = `nothing switches off a member that the others have lost: it may keep the virtual IP beside them`;
    return [{ message, places: [at(['components', 'pacemaker', 'fencing'])] }];
  },
};
