import type { World } from './memory/world.ts';

/** A cluster on OpenStack with three control-plane nodes and so many workers, of which nothing ever boots. */
export function manyNodes(workers: number): string {
  return `apiVersion: triskel/v1
name: many
endpoint: { type: openstack-load-balancer, internal: 10.180.0.7:443 }
network: { nodes: 10.180.0.0/22, pods: 10.184.0.0/14, services: 10.96.0.0/16 }
os: { name: flatcar }
access: { users: [{ name: core, sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFZ1bGNhbiBmb3JnZXMgdGhlIGV4YW1wbGUga2V5IDAwMDE a@example.org] }] }
nodes:
  - { name: master0, roles: [control-plane], address: 10.180.0.10 }
  - { name: master1, roles: [control-plane], address: 10.180.0.11 }
  - { name: master2, roles: [control-plane], address: 10.180.0.12 }
nodeGroups:
  - { name: worker, count: ${String(workers)}, roles: [worker], addresses: 10.180.1.0-10.180.3.200 }
cloud:
  openstack: { cloud: demo, authUrl: 'https://keystone.example.org/v3', image: tiny, flavor: m1.tiny, externalNetwork: public }
acknowledge: [{ code: review/etcd-on-root-disk, reason: nothing boots here }]
`;
}

/** A project whose quotas hold them. */
export function unlimited({ quotas }: World): void {
  Object.assign(quotas, { instances: -1, cores: -1, ram: -1 });
  Object.assign(quotas.network, { port: -1, security_group: -1, security_group_rule: -1 });
}
