import type { CatalogEntry } from './entry.ts';

export const consoles = {
  'console/failed': {
    severity: 'error',
    summary: 'No phase of a node’s boot failed.',
    why: 'A node that is half made starts nothing, or does not join.',
    remedy: 'The message says which phase, and what to do about it; docs/boot-report.md has all of them.',
  },
  'console/stopped': {
    severity: 'error',
    summary: 'The machine got as far as the node’s own programs.',
    why: 'What comes before them (firmware, kernel, Ignition or cloud-init) ended the boot.',
    remedy: 'The message says what the line means, and what to do about it.',
  },
  'console/unfinished': {
    severity: 'error',
    summary: 'The log ends with a node whose boot is complete.',
    why: 'The node still waits for something, or it went down, or the log was taken too early or its end is missing.',
    remedy:
      'Take the log again in a few minutes. What a node waits for is mostly another node, or a server that it cannot reach.',
  },
  'console/no-report': {
    severity: 'error',
    summary: 'A node’s console has lines of the boot report.',
    why: 'The machine did not get that far, was not given its payload, or writes its console elsewhere than this log was taken from.',
    remedy:
      'See that the machine was given its file from boot/, and that the kernel’s command line names this console (console=ttyS0). With Ignition on a machine whose first console is the screen, its messages are on the screen alone.',
  },
  'console/damaged': {
    severity: 'warning',
    summary: 'Lines of the boot report are whole.',
    why: 'What a cut line said is not known, so that a phase may be further than it looks.',
    remedy: 'Look at the line itself.',
  },
  'console/newer-format': {
    severity: 'warning',
    summary: 'The boot report is of a format that this Triskel reads.',
    why: 'Its lines are passed over.',
    remedy: 'Read the log with the Triskel that made the node.',
  },
  'console/empty-log': {
    severity: 'error',
    summary: 'A console’s log has something in it.',
    why: 'A machine that runs writes to its console within a second.',
    remedy:
      'See that the machine is on, that it has a serial port, and that the kernel’s command line names it (console=ttyS0).',
  },
  'console/not-a-log': {
    severity: 'error',
    summary: 'A console’s log is text.',
    why: 'There is nothing to read in it.',
    remedy: 'Give the log itself, unpacked; for a serial line, at the speed that the machine uses.',
  },
  'console/too-large': {
    severity: 'error',
    summary: 'A console’s log has 64 MiB at most.',
    why: 'It is read as a whole.',
    remedy: 'Give its end: `tail -c 16M console.log | triskel console -`.',
  },
} as const satisfies Record<string, CatalogEntry>;
