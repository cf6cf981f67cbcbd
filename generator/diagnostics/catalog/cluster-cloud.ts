import type { CatalogEntry } from './entry.ts';

/** What a blueprint says of its cloud. */
export const clusterCloud = {
  'cluster/cloud-needed': {
    severity: 'error',
    summary: 'What a cloud has for the cluster needs that cloud in the blueprint.',
    why: 'Nobody would make the load balancer, or lead the floating IP anywhere.',
    remedy:
      'Add what is missing below cloud.openstack, or take out what needs it; endpoint.type external needs no cloud.',
  },
  'cluster/without-load-balancer': {
    severity: 'error',
    summary: 'The load balancer’s settings stand where there is a load balancer.',
    why: 'Nobody would read them.',
    remedy: 'Take cloud.openstack.loadBalancer out, or set endpoint.type openstack-load-balancer.',
  },
  'cluster/monitor-overlap': {
    severity: 'error',
    summary: 'A health check ends before the next one begins.',
    why: 'Octavia refuses a monitor whose time-out is not shorter than its delay.',
    remedy: 'Make the time-out shorter, or the delay longer.',
  },
  'cluster/floating-ip': {
    severity: 'error',
    summary: 'The endpoint’s floating IP leads to it.',
    why: 'Operators would ask at an address that nobody leads to the API.',
    remedy:
      'Leave out endpoint.external or make it a name, where the floating IP is new; name the address of a reserved one; leave out floatingIp where no port of the cloud is behind the endpoint.',
  },
  'cluster/key-pair': {
    severity: 'error',
    summary: 'Servers get one key pair: one that is there, or one of a user’s SSH key.',
    why: 'A cloud makes a server with one key pair at most, and makes none of a key that nobody has named.',
    remedy: 'Name a user of access.users who has an SSH key in keyPairOf, or a key pair of yours in keyPair.',
  },
} as const satisfies Record<string, CatalogEntry>;
