import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** An even number of members tolerates no more losses than one member fewer, and every write waits for one more. */
export const evenEtcdMembers: Rule = (cluster) => {
  const count = cluster.etcdNodes.length;
  if (count % 2 === 1 || count === 2) return [];
  const tolerated = count / 2 - 1;
  const text = `etcd has ${String(count)} members: it survives the loss of ${String(tolerated)}, as ${String(count - 1)} members would`;
  return [
    diagnostic(
      'review/even-etcd-members',
      text,
      cluster.etcdNodes.slice(-1).map((node) => at(node.origin, 'the last one')),
    ),
  ];
};
