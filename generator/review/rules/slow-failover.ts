import type { Path } from '../../base/paths.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './slow-failover.md';

/** kube-controller-manager's --node-monitor-grace-period since Kubernetes 1.32, in seconds; it was 40 before. */
const GRACE = 50;

/** How long something goes unnoticed at worst. */
interface Delay {
  readonly what: string;
  readonly seconds: number;
  readonly path: Path;
}

/** A dead API server or holder is known before the nodes themselves are given up. */
export const slowFailover: Rule = {
  code: 'review/slow-failover',
  page,
  find(cluster) {
    const given = cluster.options['kube-controller-manager']?.extraArguments?.['node-monitor-grace-period'];
    const grace = typeof given === 'string' ? (/^(\d+)s$/.exec(given)?.[1] ?? GRACE) : GRACE;
    const slow = [...balancerSeconds(cluster), ...holderSeconds(cluster)].filter(
      ({ seconds }) => seconds >= Number(grace),
    );
    return slow.map(({ what, seconds, path }) => ({
      message: `${what} is noticed after ${String(seconds)} s, and nodes count as lost after ${String(grace)} s without the API`,
      places: [at(path)],
    }));
  },
};

/** Until haproxy takes an API server out: as many failed checks as it wants, each up to its time-out. */
function balancerSeconds({ endpoint, options }: Cluster): Delay[] {
  if (endpoint.balancer !== 'haproxy') return [];
  const { checkInterval = 2, checkTimeout = 3, checkFall = 3 } = options.haproxy ?? {};
  const seconds = checkFall * (checkInterval + checkTimeout);
  return [{ what: 'an API server that does not answer', seconds, path: ['components', 'haproxy'] }];
}

/** Until keepalived gives a virtual IP up, and another node has missed three adverts (RFC 9568, 6.1). */
function holderSeconds({ virtualIps, options }: Cluster): Delay[] {
  if (!virtualIps.some(({ movedBy }) => movedBy === 'keepalived')) return [];
  const { checkInterval = 2, checkTimeout = 2, checkFall = 3, advertInterval = 1 } = options.keepalived ?? {};
  const seconds = checkFall * (checkInterval + checkTimeout) + 4 * advertInterval;
  return [{ what: 'a holder of the virtual IP that does not serve', seconds, path: ['components', 'keepalived'] }];
}
