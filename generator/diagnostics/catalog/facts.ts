import type { CatalogEntry } from './entry.ts';

export const facts = {
  'facts/invalid': {
    severity: 'error',
    summary: 'A file that the blueprint names under facts has the form of Triskel’s own facts.',
    why: 'A fact that is not read, or is read as something else, would reach the nodes unseen.',
    remedy: 'Correct the file; docs/versions.md describes its form.',
  },
  'facts/incomplete': {
    severity: 'error',
    summary: 'Every Kubernetes minor version has all the facts that go with it.',
    why: 'What is not known would be guessed, and a guess fails at boot.',
    remedy: 'Add what is missing; docs/versions.md has a row to start from.',
  },
} as const satisfies Record<string, CatalogEntry>;
