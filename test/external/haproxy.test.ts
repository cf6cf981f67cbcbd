/**
 * Real haproxy, as its unit starts it, in front of real TLS servers in network namespaces: what it checks, whom it leaves,
 * what it never cuts.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { Balancer } from '../support/balancer-hosts.ts';
import { clusterOf } from '../support/cluster.ts';
import { startLab, type Lab } from '../support/namespaces.ts';
import { storeOf } from '../support/secrets.ts';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: balanced
endpoint: { type: keepalived, internal: 192.0.2.5:8443 }
network: { nodes: 192.0.2.0/24, interface: eth0 }
os: { name: debian }
components: { haproxy: { checkInterval: 1, checkFall: 2, balance: roundrobin } }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.10 }
  - { name: cp1, roles: [control-plane], address: 192.0.2.11 }
  - { name: cp2, roles: [control-plane], address: 192.0.2.12 }
`);
/** Two checks a second apart, and what a check may take. */
const FOUND_OUT = { timeout: 10_000, interval: 200 };

describe('haproxy in front of three API servers', () => {
  let lab: Lab;
  let cp0: Balancer, cp1: Balancer, cp2: Balancer;
  const curl = (path: string, from = cp1, more = ''): string =>
    from.host.run(
      `curl --silent --show-error --max-time 20 --cacert /etc/kubernetes/pki/ca.crt ${more} --resolve kubernetes:8443:192.0.2.10 https://kubernetes:8443${path} 2>&1 || true`,
    );
  const serving = (): string => [...new Set(Array.from({ length: 6 }, () => curl('/who').trim()))].sort().join(' ');
  const ready = (): string =>
    cp0.host.run('curl -s -o /dev/null -w "%{http_code}" http://127.0.0.1:8404/readyz || true');

  beforeAll(async () => {
    const store = await storeOf(secretsOf(cluster), new Date());
    lab = startLab(
      'hap',
      cluster.nodes.map((node) => ({ name: node.name, cidr: `${node.addresses[0].text}/24` })),
    );
    [cp0, cp1, cp2] = cluster.nodes.map(
      (node: ClusterNode, index) => new Balancer(cluster, node, lab.hosts[index]!, store),
    ) as [Balancer, Balancer, Balancer];
    for (const balancer of [cp0, cp1, cp2]) balancer.startApi();
    cp0.startHaproxy((text) =>
      text.replace('timeout client 30s', 'timeout client 1s').replace('timeout server 30s', 'timeout server 1s'),
    );
    await vi.waitFor(() => {
      expect(serving()).toBe('cp0 cp1 cp2');
    }, FOUND_OUT);
  });

  afterAll(async () => {
    for (const balancer of [cp0, cp1, cp2]) await balancer.stopAll();
    lab.stop();
  });

  it('says on the loopback that an API server is ready, and to nobody else', () => {
    expect(ready()).toBe('200');
    expect(cp1.host.run('curl -s --max-time 2 http://192.0.2.10:8404/readyz || echo refused')).toBe('refused\n');
  });

  it('keeps a watch on which nothing happens for longer than it waits for a request', () => {
    expect(curl('/watch?silent=4')).toMatch(/^cp\d\nevent\n$/);
  });

  it('shows its servers to root alone', () => {
    const show = 'echo "show servers state apiserver" | socat - UNIX-CONNECT:/var/lib/haproxy/admin.sock';
    expect(cp0.host.run(show)).toContain('192.0.2.12');
    expect(cp0.host.run(`setpriv --reuid=nobody --clear-groups sh -c '${show}' 2>&1 || true`)).toContain(
      'Permission denied',
    );
  });

  it('goes on with another at once when one refuses connections', async () => {
    await cp1.stop('api');
    expect(serving()).toBe('cp0 cp2');
    cp1.startApi();
    await vi.waitFor(() => {
      expect(serving()).toBe('cp0 cp1 cp2');
    }, FOUND_OUT);
  });

  it('leaves one that is not ready, and closes the watches on it', async () => {
    const watches = Array.from({ length: 3 }, () =>
      cp1.host.start('sh', [
        '-c',
        `curl --silent --no-buffer --cacert /etc/kubernetes/pki/ca.crt --resolve kubernetes:8443:192.0.2.10 'https://kubernetes:8443/watch?silent=300'; echo ended`,
      ]),
    );
    const seen = watches.map(() => '');
    watches.forEach((watch, index) =>
      watch.stdout?.on('data', (data: Buffer) => (seen[index] = `${seen[index] ?? ''}${data.toString()}`)),
    );
    await vi.waitFor(() => {
      expect([...seen].sort()).toEqual(['cp0\n', 'cp1\n', 'cp2\n']);
    }, FOUND_OUT);
    cp2.setReady(false);
    await vi.waitFor(() => {
      expect([...seen].sort()).toEqual(['cp0\n', 'cp1\n', 'cp2\nended\n']);
    }, FOUND_OUT);
    expect(serving()).toBe('cp0 cp1');
    for (const watch of watches) watch.kill();
    cp2.setReady(true);
  });

  it('takes nobody for an API server who shows another certificate of the cluster', async () => {
    await cp1.stop('api');
    cp1.startApi('apiserver-kubelet-client');
    await vi.waitFor(() => {
      expect(serving()).toBe('cp0 cp2');
    }, FOUND_OUT);
  });

  it('closes connections at once when none is ready', async () => {
    cp0.setReady(false);
    cp2.setReady(false);
    await vi.waitFor(() => {
      expect(ready()).toBe('503');
    }, FOUND_OUT);
    const before = Date.now();
    expect(curl('/who')).toMatch(/connect|reset|closed|SSL_ERROR_SYSCALL/i);
    expect(Date.now() - before).toBeLessThan(2000);
  });

  it('would cut silent watches without the time-out of its tunnels', async () => {
    cp0.setReady(true);
    await cp0.stop('haproxy');
    cp0.startHaproxy((text) => text.replace(/.*timeout tunnel.*\n/, ''));
    await vi.waitFor(() => {
      expect(ready()).toBe('200');
    }, FOUND_OUT);
    expect(curl('/watch?silent=4')).not.toContain('event');
  });
});
