import { groupBy } from '../../../base/order.ts';
import type { Desired, Filled, Observed } from '../../resource.ts';
import type { OpenstackResource } from '../desired/shared.ts';
import { BELOW_BALANCER } from '../parts.ts';
import type { Kind, Specs } from '../specs.ts';
import { healthMonitorBody } from './health-monitor.ts';
import type { Applying } from './kind.ts';
import { listenerBody } from './listener.ts';
import { createBalancer } from './load-balancer.ts';
import { memberBody } from './member.ts';
import { poolBody } from './pool.ts';
import { createRules } from './security-group-rule.ts';

/** What one call makes of several resources: a load balancer with all below it, and the rules of a security group. */
export function bundlesOf(desired: readonly OpenstackResource[]): OpenstackResource[][] {
  const rules = desired.filter(({ kind }) => kind === 'security-group-rule');
  const groups = [...groupBy(rules, ({ spec }) => JSON.stringify('group' in spec && spec.group)).values()];
  return [...wholeBalancer(desired), ...groups.filter(({ length }) => length > 1)];
}

/** Octavia's own provider alone is asked for a whole: OVN's makes the load balancer, and nothing below it, in older versions. */
function wholeBalancer(desired: readonly OpenstackResource[]): OpenstackResource[][] {
  const balancer = desired.find((one) => one.kind === 'load-balancer');
  const { provider = 'amphora' } = balancer?.spec ?? {};
  const below = desired.filter(({ kind }) => BELOW_BALANCER.includes(kind));
  return balancer === undefined || provider !== 'amphora' ? [] : [[balancer, ...below]];
}

/** One of the bundles, its references to others filled. */
export async function createBundle(bundle: readonly Desired[], at: Applying): Promise<readonly Observed[]> {
  const rules = ofKind(bundle, 'security-group-rule');
  return rules.length > 0 ? createRules(rules, at) : createWholeBalancer(bundle, at);
}

/** Each part alone would lock the load balancer once more. Nobody else refers to what is below it. */
async function createWholeBalancer(bundle: readonly Desired[], at: Applying): Promise<readonly Observed[]> {
  const { cluster } = at;
  const members = ofKind(bundle, 'member').map((one) => memberBody(one, cluster));
  const [monitor] = ofKind(bundle, 'health-monitor').map((one) => healthMonitorBody(one, cluster));
  const healthmonitor = monitor === undefined ? {} : { healthmonitor: monitor };
  const [pool] = ofKind(bundle, 'pool').map((one) => ({ ...poolBody(one, cluster), members, ...healthmonitor }));
  const listeners = ofKind(bundle, 'listener').map((one) => ({
    ...listenerBody(one, cluster),
    ...(pool === undefined ? {} : { default_pool: pool }),
  }));
  const balancers = ofKind(bundle, 'load-balancer');
  return Promise.all(balancers.map((one) => createBalancer(one, { listeners }, at)));
}

function ofKind<K extends Kind>(bundle: readonly Desired[], kind: K): Desired<Filled<Specs[K]>>[] {
  return bundle.filter((one) => one.kind === kind) as Desired<Filled<Specs[K]>>[];
}
