import type { CatalogEntry } from './entry.ts';

export const output = {
  'output/payload-too-large': {
    severity: 'error',
    summary: 'Every node’s payload fits into what its cloud takes as user-data.',
    why: 'The cloud refuses the server, or hands the node a payload that is cut off.',
    remedy:
      'Serve what is too large from a web server (payload.serve, docs/payload.md), or make it smaller: fewer manifests under addons.manifests, ECDSA in place of RSA, fewer users, shorter CA bundles.',
  },
  'output/open-hole': {
    severity: 'warning',
    summary: 'Every hole of a node’s payload has something that fills it.',
    why: 'The node gets no payload in boot/ until then; everything else is written.',
    remedy: 'Fill the hole in the way that the message names, then run `triskel generate` again.',
  },
  'output/locked': {
    severity: 'error',
    summary: 'One `triskel` at a time writes a cluster’s output.',
    why: 'Two at once would leave a tree of which no blueprint is the source.',
    remedy:
      'Wait until the other has ended, then run the command again. After a crash the lock is free again within ten seconds.',
  },
  'output/unwritable': {
    severity: 'error',
    summary: 'The output folder can be read and written.',
    why: 'The tree would be a mixture of what was and what is.',
    remedy: 'Mend what the message says and run the command again: it completes what is missing.',
  },
  'output/not-a-plain-file': {
    severity: 'error',
    summary: 'Where output is written there are folders and plain files, or nothing.',
    why: 'Through a symbolic link something outside of the output folder would be overwritten.',
    remedy: 'Take away what is in the way, or name another folder by --output.',
  },
  'output/unknown-file': {
    severity: 'warning',
    summary: 'The output folder holds what `triskel generate` wrote, and nothing else.',
    why: 'Nobody keeps such a file in step with the blueprint. It is left as it is.',
    remedy: 'Delete it, or move it out of the output folder.',
  },
  'output/damaged-manifest': {
    severity: 'warning',
    summary: 'manifest.json is as `triskel generate` wrote it.',
    why: 'Without it nobody knows which files of nodes that are gone may be removed; they are kept.',
    remedy: 'Look through the files that are reported as unknown, and delete those of nodes that are gone.',
  },
  'output/stale': {
    severity: 'error',
    summary: 'The output folder is what the blueprint generates.',
    why: 'What was reviewed is not what would be booted.',
    remedy: 'Run `triskel generate`, read the differences, and commit them.',
  },
  'output/same-cluster': {
    severity: 'error',
    summary: 'Every blueprint has a cluster name of its own.',
    why: 'Two blueprints with one name would write over each other’s output.',
    remedy: 'Rename one of the clusters.',
  },
  'output/same-revision': {
    severity: 'warning',
    summary: 'Add-ons that change have a revision that is newer.',
    why: 'Nodes apply a set of add-ons only when its Kubernetes version or revision is newer: a cluster that runs keeps the old ones.',
    remedy: 'Raise addons.revision in the blueprint if running clusters shall take the change.',
  },
  'output/no-payload': {
    severity: 'error',
    summary: 'boot/ holds the complete payload of each node that is asked for.',
    why: 'Without its payload a machine boots as if nobody had meant anything by it.',
    remedy: 'Run `triskel generate`; it names the holes that keep a payload from being made.',
  },
  'output/no-iso-for-ignition': {
    severity: 'error',
    summary: 'An ISO is made for nodes that cloud-init configures.',
    why: 'Ignition looks for its config in other places than a volume called cidata.',
    remedy: 'Give the node its .ign file; the README beside the output says how.',
  },
  'output/no-network-config': {
    severity: 'error',
    summary: 'A network configuration is cloud-init’s, version 1 or 2.',
    why: 'cloud-init would take another address, or none, and nobody could log in to see.',
    remedy: 'Write it as docs.cloud-init.io, "Networking config version 2", has it.',
  },
  'output/iso-failed': {
    severity: 'error',
    summary: 'xorriso is installed and makes the ISO.',
    why: 'Triskel writes no ISO 9660 of its own.',
    remedy: 'Install xorriso (Debian, Ubuntu, Rocky: the package xorriso), or mend what it says.',
  },
} as const satisfies Record<string, CatalogEntry>;
