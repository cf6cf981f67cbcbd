/** Neutron's security groups and rules in memory. */
import { neutronError, visible, type Request } from './http.ts';
import { seen, stamped } from './resources.ts';
import type { Row, World } from './world.ts';

const RULE = {
  description: '',
  ethertype: 'IPv4',
  port_range_max: null,
  port_range_min: null,
  protocol: null,
  remote_group_id: null,
  remote_ip_prefix: null,
};

/** The group that every project has; its members may reach each other. */
export function defaultGroup(request: Request): Row {
  const { world, user } = request;
  const found = world
    .all('security_group')
    .find((group) => group.project_id === user.projectId && group['name'] === 'default');
  if (found !== undefined) return found;
  const group = outwardGroup(request, { name: 'default', description: 'Default security group' });
  for (const ethertype of ['IPv4', 'IPv6']) {
    const rule = {
      direction: 'ingress',
      ethertype,
      security_group_id: group.id,
      remote_group_id: group.id,
      description: null,
    };
    world.add('security_group_rule', ruleRow(request, rule));
  }
  return world.add('security_group', group);
}

export function newGroup(request: Request): Row {
  return outwardGroup(request, request.body['security_group'] as Record<string, unknown>);
}

/** Every new group lets everything out. */
function outwardGroup(request: Request, given: Record<string, unknown>): Row {
  const { world } = request;
  const group = stamped(request, { stateful: true, shared: false, ...given });
  for (const ethertype of ['IPv4', 'IPv6'])
    world.add(
      'security_group_rule',
      ruleRow(request, { description: null, direction: 'egress', ethertype, security_group_id: group.id }),
    );
  return group;
}

/** Several of one group: all of them or none. */
export function newRules(request: Request): Row[] {
  const all = request.body['security_group_rules'] as Record<string, unknown>[];
  for (const { security_group_id } of all) seen(request, 'security_group', security_group_id);
  const rules = all.map((given) => ruleRow(request, given));
  if (rules.some((rule, index) => rules.slice(0, index).some((other) => saysTheSame(rule, other))))
    throw neutronError(409, 'DuplicateSecurityGroupRuleInPost', 'Duplicate Security Group Rule in POST.');
  return all.map((given) => newRule(request, given));
}

export function newRule(request: Request, given = request.body['security_group_rule'] as Record<string, unknown>): Row {
  const group = seen(request, 'security_group', given['security_group_id']);
  const rule = ruleRow(request, given);
  const same = rulesOf(request.world, group.id).find((other) => saysTheSame(rule, other));
  if (same === undefined) return rule;
  throw neutronError(
    409,
    'SecurityGroupRuleExists',
    `Security group rule already exists. Rule id is ${String(same['id'])}.`,
  );
}

function saysTheSame(rule: Record<string, unknown>, other: Record<string, unknown>): boolean {
  return ['direction', ...Object.keys(RULE)].every((key) => key === 'description' || other[key] === rule[key]);
}

/** A rule has no name and no tags. */
function ruleRow(request: Request, given: Record<string, unknown>): Row {
  const { name: _name, tags: _tags, ...row } = stamped(request, { ...RULE, ...given });
  return row;
}

export function rulesOf(world: World, group: string): Record<string, unknown>[] {
  return world
    .all('security_group_rule')
    .filter(({ security_group_id }) => security_group_id === group)
    .map((rule) => ({ ...visible(rule), tags: [] }));
}
