import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { authentication } from '../../generator/components/api-server-configs.ts';
import { clusterOf, tryCluster } from '../support/cluster.ts';

const blueprint = (jwt: string): string => `
apiVersion: triskel/v1
name: demo
network: { nodes: 192.0.2.0/24 }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes: [{ name: a, roles: [control-plane], address: 192.0.2.10 }]
components: { kube-apiserver: { jwt: [${jwt}] } }
`;

const GOOD = `{
  issuer: { url: https://login.example.org, audiences: [kubernetes] },
  claimMappings: { username: { claim: email, prefix: 'oidc:' }, groups: { expression: claims.groups } } }`;

it('issuers of tokens stand in the authentication configuration, beside what anybody may ask', () => {
  const written: unknown = parse(authentication(clusterOf(blueprint(GOOD))));
  expect(written).toMatchObject({
    apiVersion: 'apiserver.config.k8s.io/v1',
    jwt: [{ issuer: { url: 'https://login.example.org' }, claimMappings: { username: { prefix: 'oidc:' } } }],
    anonymous: { enabled: true },
  });
});

it('without issuers nothing is said of them', () => {
  expect(authentication(clusterOf(blueprint('')))).not.toContain('jwt');
});

it.each([
  ["claim: email, prefix: 'oidc:'", 'claim: email', 'the key "prefix" is missing, which "claim" needs'],
  ["claim: email, prefix: 'oidc:'", "expression: claims.sub, claim: a, prefix: ''", 'is not allowed beside the others'],
  ["claim: email, prefix: 'oidc:'", '', 'must NOT have fewer than 1 properties'],
  ['https://login', 'http://login', 'is not an https URL'],
  ['audiences', 'audience', 'Did you mean "audiences"'],
])('an issuer with %s in place of %s is refused', (good, bad, text) => {
  const { value, diagnostics } = tryCluster(blueprint(GOOD.replace(good, bad)));
  expect(value).toBeUndefined();
  expect(diagnostics.map(({ message }) => message).join('\n')).toContain(text);
});
