import type { Cluster } from '../cluster/cluster.ts';
import type { Code } from '../diagnostics/catalog/index.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import type { Claims, Neighbour } from './neighbour.ts';

/** One place, or places that belong together, where a law is broken: what is wrong with the values at hand. */
export interface Finding {
  readonly message: string;
  /** Never empty; the first one is where it is mended. */
  readonly places: readonly Place[];
  /** What to do, where the values at hand tell it better than the catalog does. */
  readonly remedy?: string;
}

/** Codes that a blueprint may acknowledge. */
export type ReviewCode = Extract<Code, `review/${string}`>;

/** One law of high availability: a pure function that says where its subject breaks it. */
export interface Rule<Subject = Cluster> {
  readonly code: ReviewCode;
  /** Markdown: what it finds, why it matters, what to do. */
  readonly page: string;
  readonly find: (subject: Subject) => readonly Finding[];
}

/** For laws that cannot be told from a cluster alone, but from what its machines will have. */
export interface PlannedCluster {
  readonly cluster: Cluster;
  /** Of every node, not yet adapted to its operating system. */
  readonly plans: readonly NodePlan[];
}

/** For laws about clusters that share a network: one of them, and the others. */
export interface Neighbourhood {
  readonly own: Claims;
  readonly neighbours: readonly Neighbour[];
}
