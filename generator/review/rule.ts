import type { Cluster } from '../cluster/cluster.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** One law of high availability: a pure function that says where a cluster breaks it. Its page lies beside it. */
export type Rule = (cluster: Cluster) => readonly Diagnostic[];
