/** k3s' configuration as values: what a blueprint's keys become, and what is refused. */
import { describe, expect, test } from 'vitest';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { k3sDownload, k3sRelease, newestK3s } from '../../generator/cluster/k3s.ts';
import { agentConfig, serverConfig } from '../../generator/components/k3s/config.ts';
import { k3s } from '../../generator/components/k3s/k3s.ts';
import { OWNED_AGENT, OWNED_SERVER } from '../../generator/components/k3s/owned.ts';
import { checksumFilesOf } from '../../generator/base/checksums.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { findHoles } from '../../generator/secrets/holes.ts';
import { addonsOf } from '../support/addons.ts';
import { clusterOf, tryCluster } from '../support/cluster.ts';

const blueprint = (more = '', endpoint = "{ type: external, internal: '192.0.2.5:6443' }"): string => `
apiVersion: triskel/v1
name: k
kubernetes: { version: 1.36.3 }
controlPlane: { runs: k3s }
endpoint: ${endpoint}
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
${more}
nodes:
  - { name: s1, roles: [control-plane], address: 192.0.2.11 }
  - { name: s2, roles: [control-plane], address: 192.0.2.12 }
  - { name: s3, roles: [control-plane], address: 192.0.2.13 }
  - { name: a1, roles: [worker], address: 192.0.2.21 }
`;
const complaints = (more: string): [string, string][] => {
  const cluster = clusterOf(blueprint(more));
  return (k3s.check?.(cluster) ?? []).map(({ code, message }) => [code, message]);
};

describe('config.yaml', () => {
  test('has no key that k3s does not know, on servers and agents, whatever is asked of it', () => {
    const cluster = clusterOf(blueprint('components: { prometheus: {}, flannel: { backend: host-gw } }'));
    const known = ownFacts.fields;
    for (const node of cluster.controlPlaneNodes)
      for (const key of Object.keys(serverConfig(cluster, node)))
        expect(Object.keys(known['k3s server'].fields)).toContain(key);
    for (const key of Object.keys(agentConfig(cluster, cluster.nodes[0]!)))
      expect(Object.keys(known['k3s agent'].fields)).toContain(key);
  });

  test('says to no server whether it begins the cluster or whom it joins: that is decided at every start', () => {
    const cluster = clusterOf(blueprint());
    for (const node of cluster.controlPlaneNodes) {
      const config = serverConfig(cluster, node);
      expect(config).not.toHaveProperty('cluster-init');
      expect(config).not.toHaveProperty('server');
    }
  });

  test('names every host of the endpoint, so that its certificate holds behind the virtual IP', () => {
    const cluster = clusterOf(
      blueprint(
        '',
        "{ type: external, internal: '192.0.2.5:6443', external: api.example.org:443, names: [k.example.org] }",
      ),
    );
    const [first] = cluster.controlPlaneNodes;
    const names = serverConfig(cluster, first!)['tls-san'];
    expect(names).toEqual(
      expect.arrayContaining(['192.0.2.5', 'api.example.org', 'k.example.org', 's1', '192.0.2.11']),
    );
  });

  test('every key that only Triskel sets is a key of k3s', () => {
    expect(Object.keys(ownFacts.fields['k3s agent'].fields)).toEqual(expect.arrayContaining(Object.keys(OWNED_AGENT)));
    expect(Object.keys(ownFacts.fields['k3s server'].fields)).toEqual(
      expect.arrayContaining(Object.keys(OWNED_SERVER)),
    );
  });

  test.each([
    ['components: { k3s: { server: { tls-sann: [x] } } }', 'settings/unknown', 'tls-sann'],
    ['components: { k3s: { server: { cluster-init: true } } }', 'settings/owned', 'cluster-init'],
    ['components: { k3s: { agent: { etcd-s3: true } } }', 'settings/unknown', 'etcd-s3'],
    ['components: { k3s: { server: { etcd-snapshot-retention: many } } }', 'settings/wrong-type', 'whole number'],
    ['components: { coredns: { replicas: 3 } }', 'settings/without-effect', 'CoreDNS'],
    ['components: { etcd: { version: 3.6.8 } }', 'settings/without-effect', 'etcd of its own'],
    ['encryptionAtRest: { provider: aesgcm }', 'cluster/combination', 'aesgcm'],
    ['encryptionAtRest: { resources: [secrets, configmaps] }', 'cluster/combination', 'secrets alone'],
    [
      "registries: { mirrors: [{ registry: docker.io, endpoints: ['https://a.example.org'], onlyMirrors: true }, { registry: quay.io, endpoints: ['https://a.example.org'] }] }",
      'cluster/combination',
      'quay.io',
    ],
  ])('refuses %s', (more, code, text) => {
    expect(complaints(more)).toEqual([[code, expect.stringContaining(text)]]);
  });

  test('components.k3s without k3s has no effect, and says so', () => {
    const cluster = clusterOf(blueprint('components: { k3s: {} }').replace('runs: k3s', 'runs: static-pods'));
    expect(k3s.check?.(cluster).map(({ code }) => code)).toEqual(['settings/without-effect']);
  });

  test('an etcd node of its own is refused: k3s has etcd within its servers', () => {
    const text = blueprint().replace('a1, roles: [worker]', 'a1, roles: [etcd]');
    expect(tryCluster(text).diagnostics.map(({ code }) => code)).toContain('cluster/combination');
  });
});

describe('releases', () => {
  test('the newest known one is the default, a second build of a version counts, and others are asked for', () => {
    expect(newestK3s(ownFacts)).toBe('1.36.4');
    expect(clusterOf(blueprint().replace('kubernetes: { version: 1.36.3 }', '')).versions.kubernetes).toBe('1.36.4');
    expect(k3sRelease(clusterOf(blueprint()))).toBe('1.36.3+k3s1');
    expect(k3sRelease(clusterOf(blueprint().replace('1.36.3', '1.33.13')))).toBe('1.33.13+k3s2');
    expect(k3sRelease(clusterOf(blueprint('components: { k3s: { revision: 4 } }')))).toBe('1.36.3+k3s4');
  });

  test('every hash of the facts is of a file that is fetched, and the checksum file of its release is known', () => {
    const { versions } = clusterOf(blueprint());
    const known = Object.entries(ownFacts.releases['k3s'] ?? {}).flatMap(([tag, archs]) =>
      Object.keys(archs).map((arch) => k3sDownload(versions, tag.slice(1), arch, 'k3s')),
    );
    expect(known.length).toBeGreaterThan(8);
    expect(known.every(({ sha256 }) => sha256 !== undefined)).toBe(true);
    const { url } = k3sDownload(versions, '1.36.3+k3s1', 'arm64', 'images');
    expect(url).toBe('https://github.com/k3s-io/k3s/releases/download/v1.36.3%2Bk3s1/k3s-airgap-images-arm64.tar.zst');
    expect(checksumFilesOf(url).map((file) => file.url)).toContain(url.replace(/[^/]*$/, 'sha256sum-arm64.txt'));
  });
});

describe('keys', () => {
  test('servers hold the CAs, agents the password of agents and no key at all', () => {
    const cluster = clusterOf(blueprint());
    const holes = (name: string): string[] => {
      const node = cluster.nodes.find((each) => each.name === name)!;
      const items = (k3s.plan?.(cluster, node) ?? []).flatMap((item) => (item.kind === 'file' ? [item] : []));
      return [
        ...new Set(items.flatMap(({ content }) => findHoles(content)).map(({ name: of, part }) => `${of}/${part}`)),
      ];
    };
    expect(holes('a1').sort()).toEqual(['cluster-ca/bundle', 'cluster-ca/cert', 'k3s/agent-token']);
    expect(holes('s2')).toEqual(
      expect.arrayContaining(['cluster-ca/key', 'etcd-ca/key', 'front-proxy-ca/key', 'k3s/token']),
    );
    expect(secretsOf(cluster).caKeys).toEqual(['cluster-ca', 'etcd-ca', 'front-proxy-ca']);
  });

  test('k3s brings its own DNS, proxy and pod network: the set has what is not in it', () => {
    expect(addonsOf(clusterOf(blueprint())).map(({ name }) => name)).toEqual(['access']);
    const watched = clusterOf(blueprint('components: { prometheus: {}, grafana: {} }'));
    expect(addonsOf(watched).map(({ name }) => name)).toEqual(['access', 'prometheus', 'grafana']);
  });
});
