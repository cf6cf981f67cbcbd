import { CloudError, type SecurityGroupRule } from 'openstack-client-lite';
import { markOf } from '../marks.ts';
import { differs, marked, observedAs, withMark, type KindCalls } from './kind.ts';

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
  create: async ({ key, spec }, { cloud, cluster, signal }) => {
    const description = markOf(cluster, key);
    const find = async (): Promise<SecurityGroupRule | undefined> =>
      withMark(await cloud.network.securityGroupRules.list({ description }), description);
    const [port_range_min, port_range_max] = spec.ports ?? [null, null];
    const body = {
      security_group_id: spec.group,
      direction: 'ingress',
      ethertype: spec.ethertype,
      protocol: spec.protocol,
      port_range_min,
      port_range_max,
      remote_ip_prefix: spec.remote_ip_prefix,
      remote_group_id: spec.remote_group === null ? null : spec.remote_group,
      description,
    } as const;
    try {
      const made = await cloud.network.securityGroupRules.create(body, { existing: find, signal });
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

function portsOf({ port_range_min: first, port_range_max: last }: SecurityGroupRule): [number, number] | null {
  return first === null || last === null ? null : [first, last];
}

/** Neutron tells a rule for every address as one without a prefix. */
function anywhere({ remote_ip_prefix: has }: SecurityGroupRule, wants: string | null): string | null {
  return has === null && (wants === '0.0.0.0/0' || wants === '::/0') ? null : wants;
}
