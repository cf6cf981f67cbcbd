import type { CatalogEntry } from './entry.ts';

export const secrets = {} as const satisfies Record<string, CatalogEntry>;
