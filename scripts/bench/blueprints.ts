/** The two first-boot formats, by an operating system that takes each. */
export const SYSTEMS = ['flatcar', 'debian'] as const;
export type System = (typeof SYSTEMS)[number];

/** Three control-plane nodes, and workers up to the number. */
export function blueprintText(system: System, nodes: number): string {
  const workers = nodes - 3;
  const group = `nodeGroups:\n  - { name: worker, count: ${String(workers)}, roles: [worker], addresses: 10.0.1.0-10.0.250.0 }\n`;
  return `apiVersion: triskel/v1
name: ${system}-${String(nodes)}
endpoint: { type: external, internal: 10.0.255.5:6443 }
network: { nodes: 10.0.0.0/16, pods: 10.128.0.0/10, services: 10.64.0.0/16 }
os: { name: ${system} }
etcd: { disk: /dev/disk/by-id/virtio-etcd }
access: { users: [{ name: core, sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFZ1bGNhbiBmb3JnZXMgdGhlIGV4YW1wbGUga2V5IDAwMDE a@example.org] }] }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10, zone: a }
  - { name: cp1, roles: [control-plane], address: 10.0.0.11, zone: b }
  - { name: cp2, roles: [control-plane], address: 10.0.0.12, zone: c }
${workers > 0 ? group : ''}`;
}
