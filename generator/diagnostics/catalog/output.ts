import type { CatalogEntry } from './entry.ts';

export const output = {} as const satisfies Record<string, CatalogEntry>;
