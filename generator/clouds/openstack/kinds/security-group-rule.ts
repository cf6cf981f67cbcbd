import { CloudError, type SecurityGroupRule } from 'openstack-client-lite';
import type { Desired, Filled, Observed } from '../../resource.ts';
import { markOf } from '../marks.ts';
import type { SecurityGroupRuleSpec } from '../specs.ts';
import { differs, marked, observedAs, withMark, type Applying, type KindCalls } from './kind.ts';

/** Rules of the cluster's security groups; they cannot be changed. */
export const securityGroupRule: KindCalls<'security-group-rule', SecurityGroupRule> = {
  list: async ({ cloud, cluster }) =>
    marked(cluster, 'security-group-rule', await cloud.network.securityGroupRules.list(), (key, item) =>
      observedAs('security-group-rule', key, item),
    ),
  differences: ({ spec }, item) => [
    ...differs('group', item.security_group_id, spec.group),
    ...differs('ethertype', item.ethertype, spec.ethertype),
    ...differs('protocol', item.protocol, spec.protocol),
    ...differs('ports', portsOf(item), spec.ports),
    ...differs('remote_ip_prefix', item.remote_ip_prefix, anywhere(item, spec.remote_ip_prefix)),
    ...differs('remote_group', item.remote_group_id, spec.remote_group),
  ],
  create: async (desired, { cloud, cluster, signal }) => {
    const { key } = desired;
    const description = markOf(cluster, key);
    const find = async (): Promise<SecurityGroupRule | undefined> =>
      withMark(await cloud.network.securityGroupRules.list({ description }), description);
    try {
      const options = { existing: find, signal };
      const made = await cloud.network.securityGroupRules.create(bodyOf(desired, cluster), options);
      return observedAs('security-group-rule', key, made);
    } catch (error) {
      // Neutron refuses a second rule that says the same, whoever made the first.
      const earlier = error instanceof CloudError && error.kind === 'exists' ? await find() : undefined;
      if (earlier === undefined) throw error;
      return observedAs('security-group-rule', key, earlier);
    }
  },
  remove: async ({ id }, { cloud, signal }) => {
    await cloud.network.securityGroupRules.delete(id, { signal });
  },
};

/** All rules of one group, which Neutron makes in one transaction; where it has some of them already, one by one. */
export async function createRules(
  rules: readonly Desired<Filled<SecurityGroupRuleSpec>>[],
  at: Applying,
): Promise<readonly Observed[]> {
  const { cloud, cluster, signal } = at;
  const { securityGroupRules } = cloud.network;
  const existing = async (): Promise<SecurityGroupRule[] | undefined> => {
    const all = await securityGroupRules.list({ security_group_id: rules[0]?.spec.group ?? '' });
    const earlier = rules.flatMap(({ key }) => withMark(all, markOf(cluster, key)) ?? []);
    return earlier.length === rules.length ? earlier : undefined;
  };
  try {
    const bodies = rules.map((rule) => bodyOf(rule, cluster));
    const made = await securityGroupRules.createMany(bodies, { existing, signal });
    return marked(cluster, 'security-group-rule', made, (key, item) => observedAs('security-group-rule', key, item));
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'exists') throw error;
    const one: Observed[] = [];
    for (const rule of rules) one.push(await securityGroupRule.create(rule, at));
    return one;
  }
}

function bodyOf({ key, spec }: Desired<Filled<SecurityGroupRuleSpec>>, cluster: string) {
  const [port_range_min, port_range_max] = spec.ports ?? [null, null];
  return {
    security_group_id: spec.group,
    direction: 'ingress',
    ethertype: spec.ethertype,
    protocol: spec.protocol,
    port_range_min,
    port_range_max,
    remote_ip_prefix: spec.remote_ip_prefix,
    remote_group_id: spec.remote_group,
    description: markOf(cluster, key),
  } as const;
}

function portsOf({ port_range_min: first, port_range_max: last }: SecurityGroupRule): [number, number] | null {
  return first === null || last === null ? null : [first, last];
}

/** Neutron tells a rule for every address as one without a prefix. */
function anywhere({ remote_ip_prefix: has }: SecurityGroupRule, wants: string | null): string | null {
  return has === null && (wants === '0.0.0.0/0' || wants === '::/0') ? null : wants;
}
