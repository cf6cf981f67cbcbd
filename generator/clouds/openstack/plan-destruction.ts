import type { Cluster } from '../../cluster/cluster.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { planChanges, type ChangePlan } from '../change-plan.ts';
import { openstackPolicy, type Taken } from './actor.ts';
import { blockers } from './blockers.ts';
import type { OpenstackResource } from './desired/shared.ts';
import type { Surroundings } from './kinds/kind.ts';
import { madeByKubernetes } from './kubernetes/observe.ts';
import { observe } from './observe.ts';
import { withoutParts } from './parts.ts';

/** What a destruction takes away, and what stands in its way. */
export interface PlannedDestruction {
  readonly plan: ChangePlan;
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks at all that is there of the cluster. Throws `CloudError`. */
export async function planDestruction(
  cluster: Cluster,
  desired: readonly OpenstackResource[],
  at: Surroundings,
  taken: Taken,
): Promise<PlannedDestruction> {
  const own = await observe(desired, at);
  const observed = [...own, ...(await madeByKubernetes(cluster, own, at.cloud))];
  const plan = planChanges([], observed, new Map(), openstackPolicy(at, new Set(), taken));
  return { plan: withoutParts(plan), diagnostics: await blockers(plan, at.cloud) };
}
