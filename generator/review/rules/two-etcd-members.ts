import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** Two members need both of them for a quorum: the loss of either stops the cluster. */
export const twoEtcdMembers: Rule = (cluster) => {
  if (cluster.etcdNodes.length !== 2) return [];
  const names = cluster.etcdNodes.map((node) => node.name).join(' and ');
  const places = cluster.etcdNodes.map((node) => at(node.origin, 'an etcd member'));
  return [diagnostic('review/two-etcd-members', `etcd has two members, ${names}`, places)];
};
