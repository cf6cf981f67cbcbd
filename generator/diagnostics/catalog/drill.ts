import type { CatalogEntry } from './entry.ts';

export const drills = {
  'drill/failed': {
    severity: 'error',
    summary: 'Every drill passes, and what must hold holds.',
    why: 'A claim of availability that a drill does not bear out is none.',
    remedy:
      'The report has each measure beside its prediction and its target. Unclear ones were measured on a machine that was too busy: run them alone (--only).',
  },
} as const satisfies Record<string, CatalogEntry>;
