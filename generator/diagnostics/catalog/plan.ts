import type { CatalogEntry } from './entry.ts';

export const plan = {
  'plan/conflict': {
    severity: 'error',
    summary: 'Two components do not want different things of one file, unit or setting.',
    why: 'Only one of them could be had, and which one would be chance.',
    remedy:
      'Change one of the two places in the blueprint; if neither names it, this is a fault of Triskel: please report it.',
  },
  'plan/port-conflict': {
    severity: 'error',
    summary: 'Every program of a node listens at a port of its own.',
    why: 'The second one to start could not listen, and which one that is would be chance.',
    remedy:
      'Change one of the two ports: endpoint.internal, controlPlane.port, network.nodePorts or components.haproxy.healthPort.',
  },
  'plan/unknown-checksum': {
    severity: 'error',
    summary: 'Every file that a node fetches is checked against a known sha256.',
    why: 'A file that nobody checked would run as root on every node.',
    remedy: 'Run `triskel pin <blueprint>`, which fetches the hash once and writes it to the pins file.',
  },
  'plan/outside-source': {
    severity: 'error',
    summary: 'With airGapped, everything that nodes fetch comes from mirrors that the blueprint names.',
    why: 'A node that waits for a server that it cannot reach never becomes ready, and says so only at its first boot.',
    remedy:
      'Name a mirror: binaries.mirror, packages.mirror, registries.mirrors with onlyMirrors, time.servers; docs/air-gapped.md has them all.',
  },
  'plan/not-on-this-system': {
    severity: 'error',
    summary: 'What a node must have is something that its operating system can give it.',
    why: 'It would be missing on the machine, and be found out when it is needed.',
    remedy: 'Choose another operating system for this node, or take the wish out of the blueprint.',
  },
  'plan/ignition-version': {
    severity: 'error',
    summary: 'What a node must have can be said in the version of Ignition’s spec that its config is written in.',
    why: 'Ignition leaves out what the version does not know, and says so nowhere but in the log of the first boot.',
    remedy: 'Choose a newer os.ignition, if the operating system reads one, or take the wish out of the blueprint.',
  },
} as const satisfies Record<string, CatalogEntry>;
