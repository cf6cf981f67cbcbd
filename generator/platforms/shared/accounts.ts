import { groupBy } from '../../base/order.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';
import unit from './triskel-accounts.service.ejs';

/** The unit that units of such accounts wait for. */
const UNIT = 'triskel-accounts.service';

/**
 * The accounts that programs run as, and the files that are theirs. cloud-init and Ignition write all files as root's:
 * cloud-init writes before any account is there, and refuses an owner that is not. One unit makes the accounts (sysusers.d(5))
 * and hands out the files on every system, at every boot, before the programs start.
 */
export function accountItems({ accounts, files }: NodePlan): PlanItem[] {
  if (accounts.length === 0) return [];
  const owned = files.filter(({ owner, group }) => owner !== undefined || group !== undefined);
  const gifts = [...groupBy(owned, ({ owner = 'root', group = 'root' }) => `${owner}:${group}`)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return [
    {
      kind: 'file',
      path: '/etc/sysusers.d/triskel.conf',
      mode: 0o644,
      content: accounts.map(({ name }) => `u ${name} - - - -\n`).join(''),
    },
    {
      kind: 'unit',
      name: UNIT,
      enabled: true,
      content: unit({ gifts: gifts.map(([to, items]) => ({ to, paths: items.map(({ path }) => path) })) }),
    },
  ];
}
