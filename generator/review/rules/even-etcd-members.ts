import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './even-etcd-members.md';

/** An even number of members tolerates no more losses than one member fewer, and every write waits for one more. */
export const evenEtcdMembers: Rule = {
  code: 'review/even-etcd-members',
  page,
  find({ etcdNodes }) {
    const count = etcdNodes.length;
    if (count % 2 === 1 || count === 2) return [];
    const tolerated = count / 2 - 1;
    const message = `etcd has ${String(count)} members: it survives the loss of ${String(tolerated)}, as ${String(count - 1)} members would`;
    return [{ message, places: etcdNodes.slice(-1).map((node) => at(node.origin, 'the last one')) }];
  },
};
