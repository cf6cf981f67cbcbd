/** kube-vip's settings are variables, and one that it does not know is passed over without a word. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import type { VirtualIp } from '../../generator/cluster/endpoint.ts';
import { authorizationPolicy } from '../../generator/components/addons/rights.ts';
import { kubeVip, kubeVipEnvironment } from '../../generator/components/kube-vip/kube-vip.ts';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { clusterOf } from '../support/cluster.ts';

const cluster = (more = ''): ReturnType<typeof clusterOf> =>
  clusterOf(`
apiVersion: triskel/v1
name: test
endpoint: { type: kube-vip, internal: 10.0.0.5:6443 }
controlPlane: { uses: endpoint }
network: { nodes: 10.0.0.0/24 }
nodes:
  - { name: cp0, roles: [control-plane], address: 10.0.0.10, interface: eth0 }
  - { name: cp1, roles: [control-plane], address: 10.0.0.11 }
  - { name: worker0, roles: [worker], address: 10.0.0.20 }
${more}`);

describe('kube-vip', () => {
  const given = cluster();
  const [cp0, cp1, worker] = given.nodes as [ClusterNode, ClusterNode, ClusterNode];
  const environment = (of = given): Record<string, string> =>
    kubeVipEnvironment(of, cp0, of.virtualIps[0] as VirtualIp);

  it('is given variables that its version knows', () => {
    const known = readFileSync(`test/data/kube-vip-variables-${ownFacts.common.kubeVip}.txt`, 'utf8').split('\n');
    expect(Object.keys(environment()).filter((name) => !known.includes(name))).toEqual([]);
    expect(known).not.toContain('vip_cidr');
  });

  it('reaches its own node’s API server, wherever the other components go', () => {
    const texts = (kubeVip.plan?.(given, cp0) ?? []).map((item) => (item.kind === 'file' ? item.content : ''));
    expect(environment()['kubernetes_addr']).toBe('https://127.0.0.1:6443');
    expect(texts.join('').match(/server: \S+/g)).toEqual(['server: https://127.0.0.1:6443']);
  });

  it.each([
    [3, '2', '1'],
    [5, '3', '1'],
    [15, '10', '3'],
  ])('with a lease of %i s gives up renewing before it has run out', (seconds, deadline, retry) => {
    const found = environment(cluster(`components: { kube-vip: { leaseDuration: ${String(seconds)} } }`));
    expect([found['vip_renewdeadline'], found['vip_retryperiod']]).toEqual([deadline, retry]);
  });

  it('runs on the control plane alone, with a certificate of its own there', () => {
    expect(kubeVip.plan?.(given, worker)).toEqual([]);
    expect(
      secretsOf(given)
        .certificates.filter(({ id }) => id.startsWith('kube-vip'))
        .map(({ id }) => id),
    ).toEqual(['kube-vip.cp0', 'kube-vip.cp1']);
  });

  it('may do with leases of one namespace what it likes, and nothing else', () => {
    const policy = authorizationPolicy([], kubeVip.rights?.(given));
    const own = policy.split('\n').filter((line) => line.includes('triskel:kube-vip'));
    expect(own.map((line) => (JSON.parse(line) as { spec: object }).spec)).toEqual([
      { user: 'triskel:kube-vip', apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system' },
    ]);
  });

  it('waits for its interface’s name where the blueprint has none', () => {
    const paths = (kubeVip.plan?.(given, cp1) ?? []).flatMap((item) => (item.kind === 'file' ? [item.path] : []));
    expect(paths).toContain('/etc/triskel/with-interface/etc/kubernetes/manifests/kube-vip.yaml');
    expect(paths).not.toContain('/etc/kubernetes/manifests/kube-vip.yaml');
  });
});
