import type { CatalogEntry } from './entry.ts';

export const pacemaker = {
  'corosync/unused': {
    severity: 'error',
    summary: 'Options of corosync are there where Pacemaker moves the virtual IP.',
    why: 'Nothing reads them: what they ask for would not be there.',
    remedy: 'Take them out, or choose endpoint.type pacemaker.',
  },
  'corosync/unknown-node': {
    severity: 'error',
    summary: 'Options of corosync name nodes that the blueprint has.',
    why: 'A vote that is counted on would be missing.',
    remedy: 'Correct the name.',
  },
  'corosync/tie-breaker': {
    severity: 'error',
    summary: 'A tie-breaker is a node that holds no virtual IP.',
    why: 'A holder is a member already, and has to be able to run resources.',
    remedy: 'Name another node, or none.',
  },
  'corosync/node-id': {
    severity: 'error',
    summary: 'Every member of corosync has a node ID of its own, from 1 to 65535.',
    why: 'Two members with one ID are one to the others, and knet’s IDs have 16 bits.',
    remedy: 'Give the members IDs with components.corosync.nodeIds.',
  },
  'corosync/qdevice': {
    severity: 'error',
    summary: 'The quorum device runs on none of the members.',
    why: 'It is there to decide between members; with its machine two votes would go at once.',
    remedy: 'Run corosync-qnetd on another machine.',
  },
  'pacemaker/unused': {
    severity: 'error',
    summary: 'Options of Pacemaker are there where Pacemaker moves the virtual IP.',
    why: 'Nothing reads them: what they ask for would not be there.',
    remedy: 'Take them out, or choose endpoint.type pacemaker.',
  },
  'pacemaker/fencing-unsaid': {
    severity: 'error',
    summary: 'A Pacemaker cluster has fencing devices, or says that it has none.',
    why: 'Without fencing, a node that does not answer may still hold the virtual IP when another one takes it. That is a decision to make, not to forget.',
    remedy: 'Describe the devices in components.pacemaker.fencing, or write `fencing: none`.',
  },
  'pacemaker/fencing-device': {
    severity: 'error',
    summary: 'Every fencing device has a name of its own, fences members, and has each parameter once.',
    why: 'A node that no device knows is never switched off, and the others wait for it.',
    remedy: 'Correct the device.',
  },
} as const satisfies Record<string, CatalogEntry>;
