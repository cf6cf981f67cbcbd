import type { Severity } from '../diagnostic.ts';

/** What `triskel explain` tells of a code, and what every diagnostic of that code carries. */
export interface CatalogEntry {
  readonly severity: Severity;
  /** One line: the law that was broken. */
  readonly summary: string;
  /** Why it matters: what would happen on the machines. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
}
