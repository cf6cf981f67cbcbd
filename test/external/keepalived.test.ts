/**
 * Real keepalived beside real haproxy on the hosts that may hold the virtual IPs, as their units start them: the IPs move
 * when haproxy is gone or no API server is ready, and a host that is cut off gives them up.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { Balancer } from '../support/balancer-hosts.ts';
import { clusterOf } from '../support/cluster.ts';
import { startLab, type Lab } from '../support/namespaces.ts';
import { storeOf } from '../support/secrets.ts';

const VIRTUAL = ['192.0.2.5/32', '2001:db8::5/128'];
const cluster = clusterOf(`
apiVersion: triskel/v1
name: moving
endpoint: { type: keepalived, internal: 192.0.2.5:8443, virtualIps: [192.0.2.5, '2001:db8::5'] }
network: { nodes: [192.0.2.0/24, '2001:db8::/64'] }
os: { name: debian }
components:
  haproxy: { checkInterval: 1, checkFall: 2 }
  keepalived: { checkInterval: 1, checkTimeout: 1, checkFall: 2, authentication: pass }
nodes:
  - { name: cp0, roles: [control-plane], address: [192.0.2.10, '2001:db8::10'], interface: eth0 }
  - { name: cp1, roles: [control-plane], address: [192.0.2.11, '2001:db8::11'] }
`);
/** haproxy's checks and then keepalived's: 2 × 1 s each, and the time that both may take. */
const SOON = { timeout: 15_000, interval: 200 };

describe('two hosts and virtual IPs of both families', () => {
  let lab: Lab;
  let cp0: Balancer, cp1: Balancer;
  let holder: Balancer, other: Balancer;
  const holds = ({ addresses }: Balancer): string => VIRTUAL.filter((ip) => addresses.includes(` ${ip} `)).join(' ');
  const held = (): string[] => [holds(cp0), holds(cp1)];
  const BOTH = VIRTUAL.join(' ');

  beforeAll(async () => {
    const store = await storeOf(secretsOf(cluster), new Date());
    lab = startLab(
      'kpa',
      cluster.nodes.map((node) => ({ name: node.name, cidr: `${node.addresses[0].text}/24` })),
    );
    [cp0, cp1] = cluster.nodes.map((node: ClusterNode, index) => {
      const host = lab.hosts[index]!;
      host.run(`ip address add ${node.addresses[1]?.text ?? ''}/64 dev eth0 nodad`);
      return new Balancer(cluster, node, host, store);
    }) as [Balancer, Balancer];
    for (const balancer of [cp0, cp1]) {
      balancer.setReady(false);
      balancer.startApi();
      balancer.startHaproxy();
      balancer.startKeepalived();
    }
  });

  afterAll(async () => {
    for (const balancer of [cp0, cp1]) await balancer.stopAll();
    lab.stop();
  });

  it('nobody holds them before an API server is ready', async () => {
    await new Promise((done) => setTimeout(done, 5000));
    expect(held()).toEqual(['', '']);
  });

  it('one of them takes both once an API server is, which need not be its own', async () => {
    cp1.setReady(true);
    // With nopreempt it is whoever finds out first; the priorities say who goes first where both do.
    await vi.waitFor(() => expect(held().sort()).toEqual(['', BOTH]), SOON);
    [holder, other] = holds(cp0) === '' ? [cp1, cp0] : [cp0, cp1];
    for (const url of ['192.0.2.5', '[2001:db8::5]'])
      expect(cp1.host.run(`curl -s --cacert /etc/kubernetes/pki/ca.crt https://${url}:8443/who`)).toBe('cp1\n');
  });

  it('the interface was found by the address where the blueprint has none', () => {
    expect(cp1.host.run('cat /etc/keepalived/keepalived.conf')).toContain('interface eth0');
  });

  it('they move when haproxy is gone, and do not move back', async () => {
    cp0.setReady(true);
    await settled();
    const before = Date.now();
    await holder.stop('haproxy');
    await moved();
    console.log(`haproxy stopped: the virtual IPs moved in ${String(Date.now() - before)} ms`);
    other.startHaproxy();
    await new Promise((done) => setTimeout(done, 5000));
    expect(holds(holder)).toBe(BOTH);
  });

  it('a holder that is cut off gives them up, once its API server finds no quorum', async () => {
    await settled();
    lab.hosts[cluster.nodes.indexOf(holder.node)]!.cut();
    holder.setReady(false);
    await moved();
    lab.hosts[cluster.nodes.indexOf(other.node)]!.heal();
    other.setReady(true);
  });

  it('they move at once when keepalived is stopped', async () => {
    await settled();
    const before = Date.now();
    await holder.stop('keepalived');
    await moved();
    console.log(`keepalived stopped: the virtual IPs moved in ${String(Date.now() - before)} ms`);
  });

  /** The other one may hold them, too. */
  async function settled(): Promise<void> {
    const ready = 'curl -s -o /dev/null -w "%{http_code}" http://127.0.0.1:8404/readyz';
    await vi.waitFor(() => expect(other.host.run(ready)).toBe('200'), SOON);
    await new Promise((done) => setTimeout(done, 3000));
  }

  /** Waits until the other one holds them alone, and calls it the holder. */
  async function moved(): Promise<void> {
    await vi.waitFor(() => expect([holds(holder), holds(other)]).toEqual(['', BOTH]), SOON);
    [holder, other] = [other, holder];
  }
});
