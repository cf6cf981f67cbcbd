import type { CatalogEntry } from './entry.ts';

export const replace = {
  'replace/no-member': {
    severity: 'error',
    summary: 'Only a node that is one of several etcd members is replaced.',
    why: 'Any other node has nothing that its peers must forget: made anew, it joins by itself.',
    remedy:
      'Boot the node from its payload. The only member of an etcd comes back by a copy of its data folder or by a snapshot (etcd.io, "Disaster recovery").',
  },
  'replace/which-blueprint': {
    severity: 'error',
    summary: 'The node that is to be replaced is one of one blueprint.',
    why: 'The steps name the peers of its own cluster.',
    remedy: 'Name the blueprint behind the node: `triskel replace cp0 blueprints/demo.yaml`.',
  },
  'replace/failed': {
    severity: 'error',
    summary: 'Each step of a replacement succeeds before the next one is made.',
    why: 'A member that is added while another one is missing takes the quorum from the cluster.',
    remedy: 'See to what the message says, and run it again: steps that were made are made once more without harm.',
  },
} as const satisfies Record<string, CatalogEntry>;
