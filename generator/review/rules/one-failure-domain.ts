import { groupBy } from '../../base/order.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './one-failure-domain.md';

/** No failure domain holds so many etcd members that the rest has no quorum, where domains are named at all. */
export const oneFailureDomain: Rule = {
  code: 'review/one-failure-domain',
  page,
  find({ etcdNodes: members }) {
    if (members.length < 3 || members.every((node) => node.zone === undefined)) return [];
    const tolerated = Math.floor((members.length - 1) / 2);
    return [...groupBy(members, (node) => node.zone)].flatMap(([zone, inZone]) => {
      if (zone === undefined || inZone.length <= tolerated) return [];
      const message = `zone ${zone} holds ${String(inZone.length)} of ${String(members.length)} etcd members: without it there is no quorum`;
      return [{ message, places: inZone.map((node) => at(node.origin, `in ${zone}`)) }];
    });
  },
};
