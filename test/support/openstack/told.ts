/** What a project has of a cluster, as Neutron, Nova and Octavia tell it, in a form in which two clusters can be compared. */
import type { Cloud, Port, SecurityGroupRule } from 'openstack-client-lite';

/** Every object by what it is: `port 10.180.0.10`. Ids are named so, too, and what is chance or a mark of ours is left out. */
export async function told(cloud: Cloud): Promise<ReadonlyMap<string, unknown>> {
  const found = await objects(cloud);
  const names = new Map([...found].map(([what, item]) => [item.id, `<${what}>`]));
  return new Map([...found].map(([what, item]) => [what, plain(item, names)]));
}

interface Item {
  readonly id: string;
}

async function objects({ network, compute, loadBalancer }: Cloud): Promise<Map<string, Item>> {
  const { networks, subnets, routers, ports, securityGroups, securityGroupRules, floatingIps } = network;
  const nodes = (await subnets.list()).filter(({ cidr }) => cidr === '10.180.0.0/24');
  const own = (await networks.list()).filter(({ id }) => nodes.some(({ network_id }) => network_id === id));
  // Octavia's amphorae have ports there that are the service's own, in its project.
  const within = (all: readonly Port[]): Port[] =>
    all.filter((port) => own.some(({ id, project_id }) => id === port.network_id && project_id === port.project_id));
  const groups = (await securityGroups.list()).filter(({ name }) => name !== 'default');
  const rules = (await securityGroupRules.list()).filter((rule) =>
    groups.some(({ id }) => id === rule.security_group_id),
  );
  const pools = await loadBalancer.pools.list();
  const members = await Promise.all(pools.map(({ id }) => loadBalancer.members(id).list()));
  const one = (what: string, items: readonly Item[]): [string, Item][] => {
    if (items.length !== 1) throw new Error(`${String(items.length)} of ${what}`);
    return items.map((item) => [what, item]);
  };
  return new Map<string, Item>([
    ...one('network', own),
    ...one('subnet', nodes),
    ...one('router', await routers.list()),
    ...one('security group', groups),
    ...rules.map((rule): [string, Item] => [`rule ${ruleText(rule)}`, rule]),
    ...within(await ports.list()).map((port): [string, Item] => [portText(port), port]),
    ...one('server group', await compute.serverGroups.list()),
    ...one('load balancer', await loadBalancer.loadBalancers.list()),
    ...one('listener', await loadBalancer.listeners.list()),
    ...one('pool', pools),
    ...one('health monitor', await loadBalancer.healthMonitors.list()),
    ...members.flat().map((member): [string, Item] => [`member ${member.address}`, member]),
    ...one(
      'floating IP',
      (await floatingIps.list()).filter(({ port_id }) => port_id !== null),
    ),
  ]);
}

function ruleText(rule: SecurityGroupRule): string {
  const { direction, ethertype, protocol, port_range_min, port_range_max, remote_ip_prefix, remote_group_id } = rule;
  const from = remote_group_id === null ? (remote_ip_prefix ?? 'anywhere') : 'its group';
  return [direction, ethertype, protocol, port_range_min, port_range_max, from].map(String).join(' ');
}

function portText({ device_owner: owner, fixed_ips }: Port): string {
  const whose = owner.startsWith('network:') ? 'router’s ' : owner === 'Octavia' ? 'load balancer’s ' : '';
  return `${whose}port ${fixed_ips[0]?.ip_address ?? ''}`;
}

/** Of each run its own: times, how often something was changed, and Neutron's number of a row. */
const CHANCE = /^(id|created_at|updated_at|revision_number|standard_attr_id)$/;
const MARK = /^triskel\/1 /;

function plain(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return MARK.test(value) ? '' : text(value, names);
  if (Array.isArray(value)) {
    const kept = value.filter((each) => typeof each !== 'string' || !MARK.test(each));
    return kept.map((each) => plain(each, names)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (value === null || typeof value !== 'object') return value;
  // Where an object says whose it is, its id is a reference and no chance.
  const entries = Object.entries(value).filter(
    ([key, each]) => !CHANCE.test(key) || names.get(String(each)) !== undefined,
  );
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each, names)]));
}

function text(value: string, names: ReadonlyMap<string, string>): string {
  return value
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g, (id) => names.get(id) ?? '<id>')
    .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<mac>')
    .replace(/203\.0\.113\.\d+/g, '<outer address>');
}

/** Where two differ. What is so of each node is said once. */
export interface Difference {
  /** `port`, without which of them. */
  readonly of: string;
  readonly field: string;
  readonly byHand: unknown;
  readonly boot: unknown;
}

export function differencesOf(byHand: ReadonlyMap<string, unknown>, boot: ReadonlyMap<string, unknown>): Difference[] {
  const all = new Map<string, Difference>();
  for (const what of new Set([...byHand.keys(), ...boot.keys()])) {
    const [left, right] = [byHand.get(what), boot.get(what)].map((one) => (one ?? {}) as Record<string, unknown>);
    for (const field of new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])) {
      const [has, wants] = [left?.[field], right?.[field]];
      if (JSON.stringify(has) === JSON.stringify(wants)) continue;
      const [of, one] = [what.replace(/ 10\.180\.0\.1\d$/, ''), /10\.180\.0\.1(\d)$/.exec(what)?.[1]];
      const bare = (value: unknown): unknown =>
        one === undefined ? value : JSON.parse(JSON.stringify(value).replaceAll(`master${one}`, '<node>'));
      const found = { of, field, byHand: bare(has), boot: bare(wants) };
      all.set(JSON.stringify(found), found);
    }
  }
  return [...all.values()].sort((a, b) => (`${a.of} ${a.field}` < `${b.of} ${b.field}` ? -1 : 1));
}
