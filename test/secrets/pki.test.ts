import { expect, test } from 'vitest';
import { toYaml } from '../../generator/base/yaml.ts';
import { pkiOf } from '../../generator/secrets/pki.ts';
import { specOf } from '../support/secrets.ts';

const ONE_NODE = `
apiVersion: triskel/v1
name: one
network: {nodes: 10.0.0.0/24}
nodes: [{name: node0, roles: [control-plane], address: 10.0.0.10}]
`;

test('pki.yaml says what is to be issued, in durations and without keys', () => {
  const text = toYaml(pkiOf(specOf(ONE_NODE)));
  expect(text).toContain(`backdated: 1 hour
authorities:
- id: cluster-ca
  subject:
    commonName: one cluster-ca
  algorithm: ecdsa-p256
  lifetime: 10 years
  pathLength: 0
`);
  expect(text).toContain(`- id: kubelet-server.node0
  purpose: the kubelet’s own API
  node: node0
  issuer: cluster-ca
  subject:
    organizations:
    - system:nodes
    commonName: system:node:node0
  dnsNames:
  - node0
  ipAddresses:
  - 10.0.0.10
  usages:
  - server
  algorithm: ecdsa-p256
  lifetime: 1095 days
`);
  expect(text).toContain('keyPairs:\n- id: service-account\n  algorithm: ecdsa-p256\n');
  expect(text).not.toMatch(/BEGIN|20\d\d-/);
});
