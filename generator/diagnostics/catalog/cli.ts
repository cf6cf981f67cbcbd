import type { CatalogEntry } from './entry.ts';

export const cli = {
  'cli/no-blueprints': {
    severity: 'error',
    summary: 'There is a blueprint to work on.',
    why: 'Without an argument, every YAML file in blueprints/ that begins with our apiVersion is taken.',
    remedy: 'Name the blueprint, run the command where blueprints/ is, or write one with `triskel init`.',
  },
  'cli/already-there': {
    severity: 'error',
    summary: 'Nothing that is there is overwritten unasked.',
    why: 'It may be the only copy.',
    remedy: 'Choose another name, or say --force.',
  },
  'cli/invalid-answer': {
    severity: 'error',
    summary: 'What is given to `triskel init` makes a blueprint that passes `triskel check`.',
    why: 'The blueprint would fail at its first check.',
    remedy: 'Correct the option; `triskel init --help` has examples.',
  },
  'cli/unknown-code': {
    severity: 'error',
    summary: 'A code is one that a diagnostic can have.',
    why: 'There is nothing to explain.',
    remedy: '`triskel explain` lists every code.',
  },
  'cli/unknown-node': {
    severity: 'error',
    summary: 'A node that is named is one of the blueprint’s.',
    why: 'Nothing is done for a part of what was asked.',
    remedy: 'Name nodes as the blueprint does; those of a group have a number behind the group’s name.',
  },
} as const satisfies Record<string, CatalogEntry>;
