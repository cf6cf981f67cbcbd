import type { CatalogEntry } from './entry.ts';

export const parse = {
  'parse/unreadable': {
    severity: 'error',
    summary: 'A file that is to be read must be there and be readable.',
    why: 'Nothing can be generated from a file that cannot be read.',
    remedy: 'Check the path and its permissions.',
  },
  'parse/not-text': {
    severity: 'error',
    summary: 'A blueprint is UTF-8 text.',
    why: 'Bytes that are not text would reach the nodes as something else than was reviewed.',
    remedy: 'Save the file as UTF-8, without NUL bytes.',
  },
  'parse/syntax': {
    severity: 'error',
    summary: 'A blueprint is one well-formed YAML 1.2 document.',
    why: 'What a parser guesses from broken YAML is seldom what was meant.',
    remedy: 'Mend the YAML at this place.',
  },
  'parse/duplicate-key': {
    severity: 'error',
    summary: 'A key stands once in its map.',
    why: 'Of two equal keys one would be lost without a word.',
    remedy: 'Keep one of the two.',
  },
  'parse/empty': {
    severity: 'error',
    summary: 'A blueprint is a map with apiVersion, name and nodes.',
    why: 'There is nothing here to generate from.',
    remedy: 'Start with `triskel init`, or from one of the examples in blueprints/.',
  },
  'parse/too-large': {
    severity: 'error',
    summary: 'A blueprint has at most 10 MiB.',
    why: 'A larger file is not a blueprint; reading it would only take memory.',
    remedy: 'Use nodeGroups in place of long lists of nodes.',
  },
  'parse/extends-cycle': {
    severity: 'error',
    summary: 'Fragments do not extend each other in a circle.',
    why: 'There is no order in which they could be merged.',
    remedy: 'Take one of the files out of the circle.',
  },
} as const satisfies Record<string, CatalogEntry>;
