import { glusterServers, glusterVolume } from '../../cluster/glusterfs.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './two-copies.md';

/** Two copies that have lost each other both take writes, or none does. */
export const twoCopies: Rule = {
  code: 'review/two-copies',
  page,
  find(cluster) {
    const volume = glusterVolume(cluster);
    if (volume === undefined || glusterServers(volume).length !== 2) return [];
    const names = volume.data.map(({ name }) => name).join(' and ');
    const places = volume.data.map(({ origin }) => at([...origin, 'roles'], 'keeps a copy'));
    return [
      { message: `the volume ${volume.name} has two copies, ${names}, and nothing that decides between them`, places },
    ];
  },
};
