import type { CatalogEntry } from './entry.ts';

export const labs = {
  'lab/needs': {
    severity: 'error',
    summary: 'A lab runs on Linux, as root, with the programs that it is made of.',
    why: 'It boots real machines in namespaces of its own on this one.',
    remedy: 'docs/lab.md has what a lab needs.',
  },
  'lab/no-image': {
    severity: 'error',
    summary: 'The machine image, packages and programs of a lab can be made.',
    why: 'They are made once, of Debian’s packages, with apt from the mirror that this machine uses.',
    remedy: 'See that apt reaches its mirror (`apt-get update`) and that the disk has 2 GiB left, and run it again.',
  },
  'lab/running': {
    severity: 'error',
    summary: 'There is one lab of a name.',
    why: 'Its machines, addresses and files would be mixed with those of the other.',
    remedy: 'End it with `triskel lab down`, or give this one another name with --name.',
  },
  'lab/no-lab': {
    severity: 'error',
    summary: 'The lab that is spoken of runs.',
    why: 'A lab ends when its machine is rebooted, when it is taken down, and when its first process ends.',
    remedy: '`triskel lab status` lists the labs that run; `triskel lab up <blueprint>` starts one.',
  },
  'lab/which': {
    severity: 'error',
    summary: 'Where several labs run, it is said which one is meant.',
    why: 'Nodes of the same name may be in several of them.',
    remedy: 'Name it with --lab.',
  },
  'lab/not-made': {
    severity: 'error',
    summary: 'A lab that is asked has its machines.',
    why: '`triskel lab up` is still making them, or was killed while it did.',
    remedy: 'Wait until it shows what the nodes do; or take it down with `triskel lab down --lab <name>`.',
  },
  'lab/no-twin': {
    severity: 'error',
    summary: 'A blueprint can be booted in a lab.',
    why: 'A lab boots the blueprint on Debian, from its own mirror, with versions whose programs it has; this form of it has a mistake.',
    remedy:
      'The message has the mistake of the lab’s form. With programs of your own (--mirror) the versions stay as they are.',
  },
  'lab/not-started': {
    severity: 'error',
    summary: 'A lab starts.',
    why: 'The kernel or systemd-nspawn refused something that it needs.',
    remedy: 'The message has what was said.',
  },
  'lab/node-state': {
    severity: 'error',
    summary: 'What is done to a node fits the state that it is in.',
    why: 'A node that is off runs nothing, and one that is on is not started.',
    remedy: '`triskel lab status` shows which nodes are on.',
  },
  'lab/not-complete': {
    severity: 'error',
    summary: 'Every node of a lab that is waited for completes its boot.',
    why: 'What keeps it here would keep it on a real machine, unless the lab itself does; its output says what stood in.',
    remedy: '`triskel lab console <node>` shows what it said, `triskel lab exec <node> -- journalctl -b` what it did.',
  },
} as const satisfies Record<string, CatalogEntry>;
