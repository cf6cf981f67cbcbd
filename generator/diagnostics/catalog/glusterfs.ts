import type { CatalogEntry } from './entry.ts';

export const glusterfs = {
  'glusterfs/unused': {
    severity: 'error',
    summary: 'Options of GlusterFS are there where nodes have the role storage.',
    why: 'Nothing reads them: what they ask for would not be there.',
    remedy: 'Take them out, or give nodes the role storage.',
  },
  'glusterfs/servers': {
    severity: 'error',
    summary: 'The volume is kept by two nodes of role storage and an arbiter, or by three of them.',
    why: 'One node is no replica, and more than three would need a volume that is spread as well as replicated.',
    remedy: 'Give the role to two nodes and name an arbiter, or give it to three.',
  },
  'glusterfs/arbiter': {
    severity: 'error',
    summary: 'The arbiter is a node of the cluster that does not keep the data.',
    why: 'It is the third vote beside two copies; a machine with a copy has its vote already.',
    remedy: 'Name another node.',
  },
  'glusterfs/persistent-volumes': {
    severity: 'error',
    summary: 'PersistentVolumes have names of their own, and workers that mount them.',
    why: 'Two of one name would be one folder; without a worker no pod could use them.',
    remedy: 'Correct the list.',
  },
} as const satisfies Record<string, CatalogEntry>;
