import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './etcd-on-root-disk.md';

/** etcd waits for the disk at every write; images, logs and pods on the same disk make it wait long. */
export const etcdOnRootDisk: Rule = {
  code: 'review/etcd-on-root-disk',
  page,
  find({ etcdNodes }) {
    const without = etcdNodes.filter((node) => node.etcdDisk === undefined);
    const [first] = without;
    if (first === undefined || etcdNodes.length === 1) return [];
    const names = without.map((node) => node.name).join(', ');
    return [{ message: `etcd shares the root disk on ${names}`, places: [at(first.origin)] }];
  },
};
