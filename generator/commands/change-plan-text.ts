import { counted } from '../base/counted.ts';
import { groupBy } from '../base/order.ts';
import type { Action, Change, ChangePlan } from '../clouds/change-plan.ts';

const SIGNS: Readonly<Record<Action, string>> = {
  none: ' ',
  create: '+',
  update: '~',
  await: '…',
  replace: '±',
  hold: '!',
  delete: '-',
  keep: '=',
};

/** A change plan for people: what is done, with its reason, and how much of each; what stays as it is is only counted. */
export function planLines(cluster: string, { changes }: ChangePlan): string[] {
  const shown = changes.filter(({ action }) => action !== 'none');
  const counts = [...groupBy(changes, ({ action }) => action)].map(
    ([action, all]) => `${String(all.length)} ${action}`,
  );
  const width = Math.max(0, ...shown.map(({ key }) => key.length));
  const lines = shown.map(
    ({ action, key, reason }) => `  ${SIGNS[action]} ${action.padEnd(7)} ${key.padEnd(width)}  ${reason}\n`,
  );
  if (shown.length === 0)
    return [`${cluster}: nothing to do; ${counted(changes.length, 'resource')} as they are to be\n`];
  return [`${cluster}: ${counts.join(', ')}\n`, ...lines];
}

/** The same for programs. */
export function planValue({ changes }: ChangePlan): object {
  return { changes: changes.filter(({ action }) => action !== 'none').map(valueOf), unchanged: unchanged(changes) };
}

function valueOf(change: Change): object {
  const { action, key, reason } = change;
  const differences = 'differences' in change ? { differences: change.differences } : {};
  const id = 'observed' in change ? { id: change.observed.id } : {};
  return { action, resource: key, reason, ...id, ...differences };
}

function unchanged(changes: readonly Change[]): number {
  return changes.filter(({ action }) => action === 'none').length;
}
