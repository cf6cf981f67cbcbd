import type { CatalogEntry } from './entry.ts';

export const cloud = {
  'cloud/not-on-a-cloud': {
    severity: 'error',
    summary: 'What is booted names the cloud that it is booted on.',
    why: 'There is nothing to make.',
    remedy: 'Add cloud.openstack with image and flavor, or give the payloads in boot/ to your machines yourself.',
  },
  'cloud/configuration': {
    severity: 'error',
    summary: 'The cloud’s address and credential are known, from clouds.yaml or from OS_* variables.',
    why: 'Without them nobody can be asked.',
    remedy: 'Write clouds.yaml as for the openstack command, and name its entry in cloud.openstack.cloud.',
  },
  'cloud/call-failed': {
    severity: 'error',
    summary: 'The cloud answers, and does what it is asked.',
    why: 'What was made until then stays, marked as the cluster’s.',
    remedy: 'Mend what the cloud says, and run the same command again: it goes on from what is there.',
  },
  'cloud/not-found': {
    severity: 'error',
    summary: 'What the blueprint names is there, under one name.',
    why: 'Nothing is made before everything that it needs is known.',
    remedy: 'Correct the name, or use the id.',
  },
  'cloud/quota': {
    severity: 'error',
    summary: 'The project’s quotas leave room for all that is made.',
    why: 'The cluster would be half made.',
    remedy: 'Ask the cloud’s operator for more, or take less.',
  },
  'cloud/floating-ip': {
    severity: 'error',
    summary: 'A floating IP that the blueprint names is reserved in the project, and leads nowhere else.',
    why: 'Only administrators choose the address of a new one; and what somebody else uses is not taken away.',
    remedy: 'Reserve it (`openstack floating ip create`), take it off what it leads to, or correct the address.',
  },
  'cloud/no-load-balancer': {
    severity: 'error',
    summary: 'The cloud has a load-balancer service where the endpoint is one.',
    why: 'Nothing would be at the endpoint.',
    remedy: 'Use an endpoint of type keepalived, whose virtual IP the nodes hold themselves.',
  },
  'cloud/address-taken': {
    severity: 'error',
    summary: 'Addresses on an existing network are free.',
    why: 'Neutron refuses a second port with the same address.',
    remedy: 'Choose another address, or free this one.',
  },
  'cloud/open-hole': {
    severity: 'error',
    summary: 'Everything in a payload is known before machines are made with it.',
    why: 'A machine would boot with a gap where a secret has to be.',
    remedy: 'Enter the value with `triskel secrets set`.',
  },
  'cloud/held': {
    severity: 'warning',
    summary: 'Machines are what the blueprint says now.',
    why: 'A server’s user data cannot be changed; another server would have to take its place, which nobody has asked for.',
    remedy: 'Replace the nodes one after the other: `boot --replace <node>`, and wait until each is well.',
  },
  'cloud/missing': {
    severity: 'error',
    summary: 'The cloud has everything that the blueprint asks for.',
    why: 'The cluster is less than it is meant to be.',
    remedy: 'Run `triskel boot`, which makes what is missing.',
  },
  'cloud/unwell': {
    severity: 'error',
    summary: 'What the cloud has of the cluster is well.',
    why: 'The cluster works with less than it has, or not at all.',
    remedy:
      'Read the node’s boot report (`openstack console log show <node> | triskel console -`); `triskel boot` replaces what failed.',
  },
  'cloud/shared-host': {
    severity: 'warning',
    summary: 'Nodes that the cluster cannot lose together run on different hosts.',
    why: 'A soft rule lets the cloud put two of them on one host when it has no other: that host takes both down.',
    remedy: 'Use cloud.openstack.antiAffinity hard, or replace one of them when the cloud has room.',
  },
  'cloud/check-failed': {
    severity: 'error',
    summary: 'A running cluster answers, through its endpoint, as the blueprint says.',
    why: 'What is not seen through the endpoint is not there for those who use it.',
    remedy: 'Look at `triskel status`, at the boot report of the nodes, and at the way from you to the endpoint.',
  },
  'cloud/unsure': {
    severity: 'error',
    summary: 'Whoever destroys a cluster says its name.',
    why: 'What is deleted does not come back.',
    remedy: 'Read the list, and run it again with --yes and the cluster’s name.',
  },
  'cloud/blocked': {
    severity: 'error',
    summary: 'Nothing that stays needs what is to go.',
    why: 'The cloud deletes no network that somebody has an address in; the destruction would end half-way.',
    remedy:
      'Delete the Services and claims in the cluster first, or let what Kubernetes made go with --with-cluster-resources; take away by hand what is yours.',
  },
  'cloud/unfinished': {
    severity: 'error',
    summary: 'Everything in the change plan was done.',
    why: 'What was made is marked as the cluster’s and stays.',
    remedy: 'Run the same command again: it goes on from what is there.',
  },
} as const satisfies Record<string, CatalogEntry>;
