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
    summary: 'A blueprint is UTF-8 text without control characters.',
    why: 'Bytes that are not text would reach the nodes as something else than was reviewed.',
    remedy: 'Save the file as UTF-8 text, without the character.',
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
    remedy: 'Write what is missing, or start anew with `triskel init` or from one of the examples in blueprints/.',
  },
  'parse/too-large': {
    severity: 'error',
    summary:
      'A blueprint or fragment has at most 2 MiB, a manifest at most 10, and aliases make at most a million values.',
    why: 'A larger file is not a blueprint; reading it would only take memory.',
    remedy: 'Use nodeGroups in place of long lists of nodes, and split manifests.',
  },
  'parse/too-deep': {
    severity: 'error',
    summary: 'Lists and maps lie at most 100 levels within each other.',
    why: 'No blueprint and no manifest is so deep; reading it would only take memory.',
    remedy: 'Look for a bracket that is not closed, or for a text that needs quotes.',
  },
  'parse/number-notation': {
    severity: 'error',
    summary: 'Numbers are written in plain decimal digits.',
    why: 'Readers of YAML disagree on the others: 010 is ten or eight, 1e3 a number or a text, and what is too long is rounded.',
    remedy: 'Write the number in decimal digits; or put it in quotes where text is meant.',
  },
  'parse/too-many-fragments': {
    severity: 'error',
    summary: 'At most 100 fragments are laid over each other, each counted as often as it is named.',
    why: 'Fragments that name each other many times multiply, and nobody can say any more where a value comes from.',
    remedy: 'Name each fragment once, in the blueprint.',
  },
  'parse/extends-cycle': {
    severity: 'error',
    summary: 'Fragments do not extend each other in a circle.',
    why: 'There is no order in which they could be merged.',
    remedy: 'Take one of the files out of the circle.',
  },
} as const satisfies Record<string, CatalogEntry>;
