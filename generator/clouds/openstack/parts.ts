import type { Change, ChangePlan } from '../change-plan.ts';

/** What is below a load balancer, and goes with it. */
export const BELOW_BALANCER: readonly string[] = ['listener', 'pool', 'health-monitor', 'member'];

/** What goes with something greater in one call is no step of its own: everything of a load balancer, a group's rules. */
export function withoutParts({ changes }: ChangePlan): ChangePlan {
  const isGone = (kind: string): boolean =>
    changes.some((change) => change.action === 'delete' && change.kind === kind && change.observed.maker === undefined);
  const parts = [
    ...(isGone('load-balancer') ? BELOW_BALANCER : []),
    ...(isGone('security-group') ? ['security-group-rule'] : []),
  ];
  return { changes: changes.filter(({ kind }) => !parts.includes(kind)) };
}

/**
 * Where the load balancer is made anew, what is below it is not taken away first: it goes with the load balancer, and of one that
 * failed Octavia lets nothing be changed.
 */
export function withBalancer({ changes }: ChangePlan): ChangePlan {
  if (!changes.some(({ kind, action }) => kind === 'load-balancer' && action === 'replace')) return { changes };
  return {
    changes: changes.map((change): Change => {
      if (!BELOW_BALANCER.includes(change.kind) || !('desired' in change) || change.action === 'create') return change;
      const { key, kind, desired } = change;
      return { key, kind, desired, action: 'create', reason: 'its load balancer is made anew' };
    }),
  };
}
