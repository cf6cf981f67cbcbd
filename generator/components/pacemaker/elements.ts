import { xml, type XmlElement } from '../../base/xml.ts';

/** Values by name, as Pacemaker has them everywhere; ids are those that pcs and crmsh would give. */
export type Values = Readonly<Record<string, string>>;

/** A set of name-value pairs; none where there are none. */
export function pairs(
  element: 'instance_attributes' | 'meta_attributes' | 'cluster_property_set',
  id: string,
  values: Values,
): XmlElement[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  const children = entries.map(([name, value]) => xml('nvpair', { id: `${id}-${name}`, name, value }));
  return [xml(element, { id }, children)];
}

/** Seconds by the operation's name; a monitor has an interval, too. */
export interface Operations {
  readonly start?: number;
  readonly stop?: number;
  readonly monitor: { readonly interval: number; readonly timeout: number };
}

/** What one resource is: an agent with its parameters. */
export interface Primitive {
  readonly id: string;
  /** class, provider and type: `ocf:heartbeat:IPaddr2`, `systemd:kube-apiserver`. */
  readonly agent: string;
  readonly parameters?: Values;
  readonly meta?: Values;
  readonly operations: Operations;
}

/** A resource as the CIB has it (Pacemaker Explained, "Resources"). */
export function primitive({ id, agent, parameters = {}, meta = {}, operations }: Primitive): XmlElement {
  const [kind = '', ...rest] = agent.split(':');
  const type = rest.at(-1) ?? '';
  const provider = rest.length === 2 ? { provider: rest[0] ?? '' } : {};
  return xml('primitive', { id, class: kind, ...provider, type }, [
    ...pairs('instance_attributes', `${id}-instance_attributes`, parameters),
    ...pairs('meta_attributes', `${id}-meta_attributes`, meta),
    xml('operations', {}, operationElements(id, operations)),
  ]);
}

function operationElements(id: string, { start, stop, monitor }: Operations): XmlElement[] {
  const once = Object.entries({ start, stop }).flatMap(([name, timeout]) =>
    timeout === undefined ? [] : [operation(id, name, 0, timeout)],
  );
  return [...once, operation(id, 'monitor', monitor.interval, monitor.timeout)];
}

function operation(id: string, name: string, interval: number, timeout: number): XmlElement {
  const [every, limit] = [`${String(interval)}s`, `${String(timeout)}s`];
  return xml('op', { id: `${id}-${name}-interval-${every}`, name, interval: every, timeout: limit });
}

/** One instance of a resource, or of a group, on each node that may run it. */
export function clone(inner: XmlElement, id: string, instances: number): XmlElement {
  // interleave: what follows a clone waits for the instance on its own node, not for all of them.
  const meta = { 'clone-max': String(instances), 'clone-node-max': '1', interleave: 'true' };
  return xml('clone', { id }, [...pairs('meta_attributes', `${id}-meta_attributes`, meta), inner]);
}
