import { expect, test } from 'vitest';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { clusterOf, tryCluster } from '../support/cluster.ts';

const named = (...names: string[]): string => `
apiVersion: triskel/v1
name: demo
endpoint: {type: external, internal: "10.0.0.7:6443", names: ${JSON.stringify(names)}}
network: {nodes: 10.0.0.0/24}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: node0, roles: [control-plane], address: 10.0.0.10}]
`;

test('names and addresses of the endpoint are in the API server’s certificate, in canonical text', () => {
  const cluster = clusterOf(named('api.example.org', '192.0.2.9', 'fd00:0:0::1', '::ffff:1.2.3.4'));
  expect(cluster.endpoint.names).toEqual(['api.example.org', '192.0.2.9', 'fd00::1', '::ffff:102:304']);
  const server = secretsOf(cluster).certificates.find(({ id }) => id === 'apiserver.node0');
  expect(server?.dnsNames).toContain('api.example.org');
  expect(server?.ipAddresses).toEqual(expect.arrayContaining(['192.0.2.9', 'fd00::1', '::ffff:102:304']));
});

test.each(['300.1.1.1', '1.2', '010.0.0.1', '1:2', 'a:b', 'a..b', 'a.-b', `${'a'.repeat(64)}.org`])(
  '%s is neither a name nor an address',
  (name) => {
    const { value, diagnostics } = tryCluster(named('api.example.org', name));
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: 'cluster/invalid-address', places: [{ path: ['endpoint', 'names', 1] }] },
    ]);
    expect(diagnostics[0]?.message).toBe(`"${name}" is neither a host name nor an address`);
  },
);
