import type { CatalogEntry } from './entry.ts';

export const blueprint = {
  'blueprint/unknown-key': {
    severity: 'error',
    summary: 'Every key of a blueprint is one that the schema knows.',
    why: 'A key that nothing reads is a wish that is dropped without a word.',
    remedy: 'Correct the key, or take it out. docs/blueprint.md lists every key.',
  },
  'blueprint/missing-key': {
    severity: 'error',
    summary: 'What has no sensible default must be given.',
    why: 'Guessing it would build a cluster that nobody asked for.',
    remedy: 'Add the key.',
  },
  'blueprint/wrong-type': {
    severity: 'error',
    summary: 'A value has the type that the schema gives.',
    why: 'YAML reads some words as other types than they look (a version 1.30 is the number 1.3).',
    remedy: 'Write the value in the type that is asked for; quote text that looks like a number.',
  },
  'blueprint/invalid-value': {
    severity: 'error',
    summary: 'A value is one that the schema allows.',
    why: 'The value would fail later, on a machine, where it is harder to find.',
    remedy: 'Choose an allowed value. docs/blueprint.md describes every key.',
  },
  'blueprint/hole-in-value': {
    severity: 'error',
    summary: 'No value of a blueprint contains the text "${triskel:".',
    why: 'That text marks the places that the secrets store fills; a blueprint could otherwise ask for any key of the cluster.',
    remedy: 'Take the text out.',
  },
  'blueprint/control-character': {
    severity: 'error',
    summary: 'No value of a blueprint contains control characters.',
    why: 'A line break or a NUL inside a value would end a line of a configuration file in the middle and begin another.',
    remedy: 'Take the character out.',
  },
} as const satisfies Record<string, CatalogEntry>;
