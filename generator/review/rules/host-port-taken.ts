import { at } from '../../diagnostics/diagnostic.ts';
import type { PortItem } from '../../nodeplan/items.ts';
import { hostPortsOf } from '../manifest-pods.ts';
import type { PlannedCluster, Rule } from '../rule.ts';
import page from './host-port-taken.md';

/** A pod that listens at a port of its machine takes it from whatever the machine has there. */
export const hostPortTaken: Rule<PlannedCluster> = {
  code: 'review/host-port-taken',
  page,
  find({ cluster, plans }) {
    const wanted = hostPortsOf(cluster);
    const ports = new Map(plans.flatMap((plan) => plan.ports.map((port) => [port.purpose, port] as const)));
    return wanted.flatMap(({ what, port, protocol, origin }) =>
      [...ports.values()]
        .filter((item) => item.protocol === protocol && has(item, port))
        .map(({ purpose }) => ({
          message: `${what} listens at port ${String(port)} of its machine, and so does ${purpose}`,
          places: [at(origin)],
        })),
    );
  },
};

function has({ port }: PortItem, number: number): boolean {
  return typeof port === 'number' ? port === number : port[0] <= number && number <= port[1];
}
