import { describe, expect, it } from 'vitest';
import { decode } from '../../generator/blueprint/decode.ts';
import { parseBlueprint } from '../../generator/blueprint/parse.ts';
import { factsOf, parseFacts } from '../../generator/cluster/facts-file.ts';
import { ownFacts, type Facts } from '../../generator/cluster/facts.ts';
import { resolve } from '../../generator/cluster/resolve.ts';
import { knownChecksum, newestPatch, supportedMinors } from '../../generator/cluster/versions.ts';

const SHA = 'a'.repeat(64);

function resolved(version: string, options: string, pins: Record<string, string> = {}, facts: Facts = ownFacts) {
  const text = `
apiVersion: triskel/v1
name: demo
kubernetes: { version: ${version} }
network: { nodes: 192.0.2.0/24 }
access: { users: [{ name: core, sshKeys: [ssh-ed25519 AAAA] }] }
nodes: [{ name: a, roles: [control-plane], address: 192.0.2.10 }]
components: ${options}
`;
  const tree = parseBlueprint('x.yaml', (file) => ({ file, text: { value: text, diagnostics: [] } })).value;
  const blueprint = decode(tree?.value).value;
  if (blueprint === undefined) throw new Error('the test’s own blueprint is broken');
  return resolve(blueprint, { pins: { downloads: {}, images: pins }, manifests: [], parts: new Map(), facts });
}

function facts(...texts: string[]) {
  const layers = texts.map((text, index) => parseFacts(`${String(index)}.yaml`, text));
  const broken = layers.flatMap(({ diagnostics }) => diagnostics);
  return broken.length > 0
    ? { value: undefined, diagnostics: broken }
    : factsOf(layers.flatMap(({ value }) => value ?? []));
}

describe('pairs', () => {
  it.each([
    ['1.36.3', '{ etcd: { version: 3.6.12 } }'],
    ['1.36.3', '{ containerd: { version: 2.2.4 } }'],
    ['1.35.7', '{ etcd: { version: 3.5.27 } }'],
    ['1.34.10', '{ etcd: { version: 3.6.8 } }'],
  ])('that fit: %s with %s', (version, options) => {
    expect(resolved(version, options).diagnostics).toEqual([]);
  });

  it('run what is chosen', () => {
    expect(
      resolved('1.36.3', '{ etcd: { version: 3.6.12 }, containerd: { version: 2.2.4 } }').value?.versions,
    ).toMatchObject({
      etcd: '3.6.12',
      containerd: '2.2.4',
      coredns: '1.14.2',
    });
  });

  it.each([
    ['1.36.3', '{ etcd: { version: 3.5.27 } }', 'etcd 3.5.27 does not fit Kubernetes 1.36, which takes 3.6 from 3.6.0'],
    ['1.33.13', '{ etcd: { version: 3.6.8 } }', 'does not fit Kubernetes 1.33'],
    ['1.35.7', '{ etcd: { version: 3.5.21 } }', '3.5 from 3.5.24'],
    ['1.36.3', '{ containerd: { version: 2.1.5 } }', 'which takes 2.2 from 2.2.0, 2.3 from 2.3.0'],
    ['1.33.13', '{ containerd: { version: 1.7.28 } }', 'does not read version 3 of its configuration'],
    ['1.36.3', '{ containerd: { version: 2.9.0 } }', 'nothing is known of containerd 2.9'],
  ])('that do not: %s with %s', (version, options, text) => {
    const { value, diagnostics } = resolved(version, options);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code, message, places }) => [code, message, places[0]?.path?.[0]])).toEqual([
      ['cluster/unfit-version', expect.stringContaining(text), 'components'],
    ]);
  });

  it('containerd 2.3.0 to 2.3.3 and a pinned sandbox image', () => {
    const pinned = { 'registry.k8s.io/pause:3.10.2': `sha256:${SHA}` };
    expect(resolved('1.36.3', '{ containerd: { version: 2.3.3 } }').diagnostics).toEqual([]);
    expect(resolved('1.36.3', '{ containerd: { version: 2.3.4 } }', pinned).diagnostics).toEqual([]);
    const [only] = resolved('1.36.3', '{ containerd: { version: 2.3.3 } }', pinned).diagnostics;
    expect(only?.message).toContain(
      'containerd 2.3.3 does not find a sandbox image by tag and digest (2.3.0 to 2.3.3)',
    );
  });

  it('an unknown Kubernetes', () => {
    expect(resolved('1.37.0', '{}').diagnostics.map(({ code }) => code)).toEqual(['cluster/unsupported-version']);
  });
});

describe('Triskel’s own facts', () => {
  it('have a source each', () => {
    for (const [minor, row] of Object.entries(ownFacts.kubernetes.minors)) {
      const named = Object.keys(row).filter(
        (key) => !['fits', 'apiVersions', 'sources', 'ipvs', 'cgroupV1', 'kubeadmFlexVolumes'].includes(key),
      );
      for (const fact of named)
        expect(row.sources?.[fact], `${minor} ${fact}`).toMatch(/#|KEP|release|RELEASES|tags|table/);
    }
    const { sources, ...common } = ownFacts.common;
    expect(Object.keys(sources ?? {}).sort()).toEqual(Object.keys(common).sort());
  });

  it('pair each Kubernetes with an etcd and a containerd that fit, and whose checksums are known', () => {
    for (const minor of supportedMinors(ownFacts)) {
      const { value, diagnostics } = resolved(newestPatch(ownFacts, minor), '{}');
      expect(diagnostics).toEqual([]);
      expect(knownChecksum(ownFacts, 'containerd', value?.versions.containerd ?? '', 'arm64')).toMatch(
        /^[0-9a-f]{64}$/,
      );
    }
  });

  it('name fields for the kubelet’s flags that its configuration has', () => {
    const named = Object.values(ownFacts.flags.kubelet).flatMap(({ field }) => field ?? []);
    expect(named.length).toBeGreaterThan(90);
    for (const field of named) {
      let fields = ownFacts.fields.KubeletConfiguration.fields;
      for (const step of field.split('.')) {
        expect(fields, field).toHaveProperty([step]);
        const found = fields[step];
        fields = typeof found === 'object' ? (found.fields ?? {}) : {};
      }
    }
  });
});

describe('a facts file', () => {
  it('adds a patch release, which is then the newest', () => {
    const { value, diagnostics } = facts(`
releases:
  kubernetes:
    v1.36.4:
      amd64: { kubelet: ${SHA}, kubectl: ${SHA} }
`);
    expect(diagnostics).toEqual([]);
    const all = value as Facts;
    expect(newestPatch(all)).toBe('1.36.4');
    expect(knownChecksum(all, 'kubernetes', '1.36.4', 'amd64', 'kubelet')).toBe(SHA);
    expect(knownChecksum(all, 'kubernetes', '1.36.3', 'arm64', 'kubelet')).toMatch(/^[0-9a-f]{64}$/);
  });

  const NEW = `
kubernetes:
  default: '1.37'
  minors:
    '1.37':
      etcd: 3.7.0
      pause: 3.10.2
      coredns: 1.14.6
      containerd: 2.3.4
      crictl: 1.37.0
      cloudControllerManager: 1.37.0
      fits: { etcd: { '3.6': 3.6.0, '3.7': 3.7.0 }, containerd: { '2.3': 2.3.0 } }
      apiVersions: { AuthenticationConfiguration: apiserver.config.k8s.io/v1 }
      crashLoopBackOffMax: beta
      ipvs: deprecated
      cgroupV1: refused
      kubeadmFlexVolumes: gone
flags:
  kube-apiserver:
    brand-new: { since: '1.37' }
`;

  it('adds a minor version with its flags', () => {
    const { value, diagnostics } = facts(NEW);
    expect(diagnostics).toEqual([]);
    const cluster = resolved('1.37.0', '{ kube-apiserver: { extraArguments: { brand-new: true } } }', {}, value);
    expect(cluster.diagnostics).toEqual([]);
    expect(cluster.value?.versions).toMatchObject({ minor: '1.37', etcd: '3.7.0', runc: ownFacts.common.runc });
  });

  it('must have every line that may be chosen', () => {
    const { diagnostics } = facts(NEW.replace(", containerd: { '2.3': 2.3.0 } }", ' }'));
    expect(diagnostics.map(({ message }) => message)).toEqual(['Kubernetes 1.37 is new and lacks fits.containerd']);
  });

  it('wins over those that were named before it', () => {
    const { value } = facts(NEW, `kubernetes: { minors: { '1.37': { etcd: 3.6.14 } } }`);
    expect(value?.kubernetes.minors['1.37']?.etcd).toBe('3.6.14');
  });

  it.each([
    [
      `kubernetes: { minors: { '1.37': { etcd: 3.7.0 } } }`,
      'facts/incomplete',
      'Kubernetes 1.37 is new and lacks pause, coredns',
    ],
    [`kubernetes: { default: '1.40' }`, 'facts/incomplete', 'Kubernetes 1.40, is not among'],
    [`kubernetes: { minors: { '1.36': { etc: 3.7.0 } } }`, 'facts/invalid', 'unknown key "etc". Did you mean "etcd"?'],
    [`kubernetes: { minors: { '1.36': { etcd: v3.7.0 } } }`, 'facts/invalid', 'is not a version such as 1.36.3'],
    [`releases: { kubernetes: { v1.36.4: { amd64: { kubelet: abc } } } }`, 'facts/invalid', 'is not a sha256'],
    [`releases: { kubernetes: { v1.36.4: { x86: {} } } }`, 'facts/invalid', 'unknown key "x86"'],
    [`flags: { kubelet: { new: { sinse: '1.37' } } }`, 'facts/invalid', 'unknown key "sinse"'],
    [`fields: { KubeletConfiguration: { fields: { x: word } } }`, 'facts/invalid', 'is not one of text'],
    [
      `fields: { KubeletConfiguration: { fields: { x: { fields: { y: { typ: text } } } } } }`,
      'facts/invalid',
      'unknown key "typ"',
    ],
    [
      `fields: { KubeletConfiguration: { fields: { maxPods: { removed: '1.37' } } } }`,
      'facts/invalid',
      '"type" is missing',
    ],
    [`containerd: { '2.4': {} }`, 'facts/invalid', '"configurations" is missing'],
    [`- a list`, 'parse/empty', 'not a map'],
  ])('%s is refused', (text, code, message) => {
    const { value, diagnostics } = facts(text);
    expect(value).toBeUndefined();
    expect(diagnostics.map((d) => d.code)).toContain(code);
    expect(diagnostics.map((d) => d.message).join('\n')).toContain(message);
    expect(diagnostics.every(({ places }) => places[0]?.file === '0.yaml')).toBe(true);
  });
});
