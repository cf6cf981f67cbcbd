import type { CatalogEntry } from './entry.ts';

export const cli = {} as const satisfies Record<string, CatalogEntry>;
