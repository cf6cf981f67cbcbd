import { corosyncMembers } from '../../cluster/corosync.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './two-node-pacemaker.md';

/** Two members that cannot reach each other need something that decides, or both go on. */
export const twoNodePacemaker: Rule = {
  code: 'review/two-node-pacemaker',
  page,
  find(cluster) {
    const members = corosyncMembers(cluster);
    const { pacemaker, corosync } = cluster.options;
    if (members.length !== 2 || corosync?.qdevice !== undefined || pacemaker?.fencing !== 'none') return [];
    const names = members.map(({ node }) => node.name).join(' and ');
    const message = `${names} are the only members of corosync, and nothing switches off the one that the other has lost`;
    return [
      {
        message,
        places: [at(['components', 'pacemaker', 'fencing']), ...members.map(({ node }) => at(node.origin, 'a member'))],
      },
    ];
  },
};
