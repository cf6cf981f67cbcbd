import type { ClusterNode } from '../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PortItem } from './items.ts';

type Listening = PortItem & { readonly origin?: ClusterNode['origin'] };

/** Two programs that would listen at one port of a node: the second one to start could not. */
export function refuseSamePort(node: ClusterNode, ports: readonly Listening[]): Diagnostic[] {
  return ports.flatMap((port, index) =>
    ports.slice(index + 1).flatMap((other) => {
      if (port.protocol !== other.protocol || port.purpose === other.purpose || !overlap(port, other)) return [];
      const places = [port, other].flatMap(({ origin }) => (origin === undefined ? [] : [at(origin)]));
      const text = `${node.name}: ${textOf(port)} is the port of ${port.purpose}, and of ${other.purpose}`;
      return [diagnostic('plan/port-conflict', text, places)];
    }),
  );
}

function overlap(a: PortItem, b: PortItem): boolean {
  const [first, last] = rangeOf(a);
  const [otherFirst, otherLast] = rangeOf(b);
  return first <= otherLast && otherFirst <= last;
}

function rangeOf({ port }: PortItem): readonly [number, number] {
  return typeof port === 'number' ? [port, port] : port;
}

function textOf({ port }: PortItem): string {
  return typeof port === 'number' ? String(port) : port.join('-');
}
