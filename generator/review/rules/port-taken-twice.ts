import { groupBy } from '../../base/order.ts';
import type { Path } from '../../base/paths.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { PortItem } from '../../nodeplan/items.ts';
import type { PlannedCluster, Rule } from '../rule.ts';
import page from './port-taken-twice.md';

/** Of two programs that listen at one port of one machine, one does not start. */
export const portTakenTwice: Rule<PlannedCluster> = {
  code: 'review/port-taken-twice',
  page,
  find({ cluster, plans }) {
    const clashes = plans.flatMap(({ node, ports }) =>
      clashesOf(ports).map((clash) => ({ ...clash, node: node.name })),
    );
    const alike = groupBy(clashes, ({ one, other }) => JSON.stringify([one, other]));
    return [...alike.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { one, other } = first;
      const where = group.length === 1 ? first.node : `${first.node} and ${String(group.length - 1)} more nodes`;
      const message = `${textOf(one)} and ${textOf(other)} listen at the same port on ${where}`;
      const chosen = [one, other].flatMap((item) => choices(cluster, item).map((path) => at(path, item.purpose)));
      return [{ message, places: chosen.length > 0 ? chosen : [at(['network'])] }];
    });
  },
};

/** Pairs of ports that have a number in common, of programs that are not the same one. */
function clashesOf(ports: readonly PortItem[]): { one: PortItem; other: PortItem }[] {
  return ports.flatMap((one, index) =>
    ports.slice(index + 1).flatMap((other) => (isClash(one, other) ? [{ one, other }] : [])),
  );
}

function isClash(one: PortItem, other: PortItem): boolean {
  if (one.protocol === 'vrrp' || one.protocol !== other.protocol || one.purpose === other.purpose) return false;
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first <= b.last && b.first <= a.last;
}

function rangeOf({ port }: PortItem): { first: number; last: number } {
  return typeof port === 'number' ? { first: port, last: port } : { first: port[0], last: port[1] };
}

function textOf(item: PortItem): string {
  const { first, last } = rangeOf(item);
  const numbers = first === last ? String(first) : `${String(first)}-${String(last)}`;
  return `${item.purpose} (${numbers}/${item.protocol})`;
}

/** The keys of the blueprint that choose the port. */
function choices({ controlPlane, network, endpoint }: Cluster, item: PortItem): Path[] {
  const { first, last } = rangeOf(item);
  if (first === network.nodePorts.first && last === network.nodePorts.last) return [['network', 'nodePorts']];
  if (first !== last) return [];
  if (first === controlPlane.port) return [['controlPlane', 'port']];
  return first === endpoint.internal.port ? [['endpoint', 'internal']] : [];
}
