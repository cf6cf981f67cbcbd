import { groupBy } from '../../base/order.ts';
import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** No failure domain holds so many etcd members that the rest has no quorum, where domains are named at all. */
export const oneFailureDomain: Rule = (cluster) => {
  const members = cluster.etcdNodes;
  if (members.length < 3 || members.every((node) => node.zone === undefined)) return [];
  const tolerated = Math.floor((members.length - 1) / 2);
  return [...groupBy(members, (node) => node.zone)].flatMap(([zone, inZone]) => {
    if (zone === undefined || inZone.length <= tolerated) return [];
    const text = `zone ${zone} holds ${String(inZone.length)} of ${String(members.length)} etcd members: without it there is no quorum`;
    return [
      diagnostic(
        'review/one-failure-domain',
        text,
        inZone.map((node) => at(node.origin, `in ${zone}`)),
      ),
    ];
  });
};
