import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './two-etcd-members.md';

/** Two members need both of them for a quorum: the loss of either stops the cluster. */
export const twoEtcdMembers: Rule = {
  code: 'review/two-etcd-members',
  page,
  find({ etcdNodes }) {
    if (etcdNodes.length !== 2) return [];
    const names = etcdNodes.map((node) => node.name).join(' and ');
    const places = etcdNodes.map((node) => at(node.origin, 'an etcd member'));
    return [{ message: `etcd has two members, ${names}`, places }];
  },
};
