import type { Difference } from './told.ts';

const NAME = 'everything is called after the cluster, of which a project may have several';

/** Where a boot makes something else than the guide's own commands, and why. In the order of what and field. */
export const MEANT: readonly (Difference & { readonly reason: string })[] = [
  {
    of: 'health monitor',
    field: 'expected_codes',
    byHand: null,
    boot: '200',
    reason: 'of HTTPS; Octavia’s default',
  },
  { of: 'health monitor', field: 'http_method', byHand: null, boot: 'GET', reason: 'of HTTPS; Octavia’s default' },
  {
    of: 'health monitor',
    field: 'max_retries_down',
    byHand: 3,
    boot: 2,
    reason: 'the guide’s two retries until a member is up count until it is down, too, where Octavia has three',
  },
  { of: 'health monitor', field: 'name', byHand: 'masters-monitor', boot: 'openstack-lbaas-api', reason: NAME },
  {
    of: 'health monitor',
    field: 'type',
    byHand: 'TCP',
    boot: 'HTTPS',
    reason: 'an API server that takes connections and is not ready must get none',
  },
  {
    of: 'health monitor',
    field: 'url_path',
    byHand: null,
    boot: '/readyz',
    reason: 'what an API server answers with 200 once it is ready',
  },
  { of: 'listener', field: 'name', byHand: 'master', boot: 'openstack-lbaas-api', reason: NAME },
  ...['timeout_client_data', 'timeout_member_data'].map((field) => ({
    of: 'listener',
    field,
    byHand: 50_000,
    boot: 14_400_000,
    reason: 'Octavia’s 50 seconds cut watches',
  })),
  { of: 'load balancer', field: 'name', byHand: 'masters-lb', boot: 'openstack-lbaas-api', reason: NAME },
  { of: 'network', field: 'name', byHand: 'k8s', boot: 'openstack-lbaas', reason: NAME },
  { of: 'pool', field: 'name', byHand: 'masters-pool', boot: 'openstack-lbaas-api', reason: NAME },
  { of: 'port', field: 'name', byHand: '<node>', boot: 'openstack-lbaas-<node>', reason: NAME },
  { of: 'router', field: 'name', byHand: 'gw', boot: 'openstack-lbaas', reason: NAME },
  {
    of: 'security group',
    field: 'description',
    byHand: 'masters',
    boot: '',
    reason: 'the command repeats the name; ours has the mark, which is not compared',
  },
  { of: 'security group', field: 'name', byHand: 'masters', boot: 'openstack-lbaas-control-plane', reason: NAME },
  {
    of: 'server group',
    field: 'name',
    byHand: 'masters',
    boot: '',
    reason: 'the name is the mark, which is not compared: a server group has nothing else',
  },
  {
    of: 'subnet',
    field: 'allocation_pools',
    byHand: [{ start: '10.180.0.2', end: '10.180.0.254' }],
    boot: [
      { start: '10.180.0.13', end: '10.180.0.254' },
      { start: '10.180.0.2', end: '10.180.0.6' },
      { start: '10.180.0.8', end: '10.180.0.9' },
    ],
    reason: 'an address of the blueprint’s must not be given to somebody else first',
  },
  { of: 'subnet', field: 'name', byHand: 'nodes', boot: 'openstack-lbaas-ipv4', reason: NAME },
];
