import type { CatalogEntry } from './entry.ts';

export const review = {} as const satisfies Record<string, CatalogEntry>;
