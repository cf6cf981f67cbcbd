import type { Cluster } from '../../cluster/cluster.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { planChanges, type ChangePlan } from '../change-plan.ts';
import type { Facts, Key } from '../resource.ts';
import { openstackPolicy } from './actor.ts';
import type { OpenstackResource } from './desired/shared.ts';
import { lookUpGiven } from './given.ts';
import type { Surroundings } from './kinds/kind.ts';
import { observe } from './observe.ts';
import { withBalancer } from './parts.ts';

/** What a boot finds, and what it has to do. */
export interface PlannedBoot {
  readonly plan: ChangePlan;
  /** Of what the blueprint names and the cloud has. */
  readonly facts: Facts;
  /** What it names and the cloud does not have. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Looks at the cloud and plans. `learn` is told of everything that is there, before anything is compared with it: user data follows
 * from it. Throws `CloudError`.
 */
export async function planBoot(
  cluster: Cluster,
  desired: readonly OpenstackResource[],
  at: Surroundings,
  {
    replace,
    learn,
  }: { replace: ReadonlySet<string>; learn: (key: Key, facts: Readonly<Record<string, string>>) => void },
): Promise<PlannedBoot> {
  const [{ facts, diagnostics }, observed] = await Promise.all([lookUpGiven(cluster, at.cloud), observe(desired, at)]);
  for (const [key, told] of facts) learn(key, told);
  for (const { key, facts: told } of observed) learn(key, told);
  const plan = planChanges(desired, observed, facts, openstackPolicy(at, replace));
  return { plan: withBalancer(plan), facts, diagnostics };
}
