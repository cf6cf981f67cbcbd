import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** etcd waits for the disk at every write; images, logs and pods on the same disk make it wait long. */
export const etcdOnRootDisk: Rule = (cluster) => {
  const without = cluster.etcdNodes.filter((node) => node.etcdDisk === undefined);
  if (without.length === 0 || cluster.etcdNodes.length === 1) return [];
  const names = without.map((node) => node.name).join(', ');
  return [
    diagnostic(
      'review/etcd-on-root-disk',
      `etcd shares the root disk on ${names}`,
      without.slice(0, 1).map((node) => at(node.origin)),
    ),
  ];
};
