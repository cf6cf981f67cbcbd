/** Blueprints that are valid: every key, system, version, family and number of nodes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { newestPatch, supportedMinors } from '../../generator/cluster/versions.ts';
import { SSH_KEY } from '../support/triskel.ts';
import { behind, objectsOf, published, valuesOf, withoutUndefined, type Known, type Schema } from './schema.ts';

export type Document = Record<string, unknown>;

const CA = readFileSync('test/data/ca.pem', 'utf8');

const SYSTEMS = [
  { name: 'flatcar', versions: [], ignition: ['3.3.0', '3.4.0'] },
  { name: 'fedora-coreos', versions: [], ignition: ['3.3.0', '3.4.0', '3.5.0', '3.6.0'] },
  { name: 'debian', versions: ['12', '13'], ignition: [] },
  { name: 'ubuntu', versions: ['24.04'], ignition: [] },
  { name: 'rocky', versions: ['9'], ignition: [] },
];

const systems = fc.constantFrom(...SYSTEMS).chain(({ name, versions, ignition }) => {
  const option = (values: readonly string[]): fc.Arbitrary<string | undefined> =>
    values.length === 0 ? fc.constant(undefined) : fc.option(fc.constantFrom(...values), { nil: undefined });
  const fleetLock =
    name === 'fedora-coreos'
      ? fc.option(fc.constant('http://192.0.2.90:9090'), { nil: undefined })
      : fc.constant(undefined);
  return fc
    .record({
      name: fc.constant(name),
      version: option(versions),
      ignition: option(ignition),
      fleetLock,
      arch: fc.constantFrom(undefined, 'amd64', 'arm64'),
    })
    .map(withoutUndefined);
});

export type Family = 'ipv4' | 'ipv6';
const families = fc.constantFrom<Family[]>(['ipv4'], ['ipv6'], ['ipv4', 'ipv6'], ['ipv6', 'ipv4']);
const NETWORKS = {
  nodes: { ipv4: '192.0.2.0/24', ipv6: '2001:db8::/64' },
  pods: { ipv4: '10.180.0.0/16', ipv6: 'fd00:1::/56' },
  services: { ipv4: '10.181.0.0/20', ipv6: 'fd00:2::/112' },
};
const one = <T>(values: readonly T[]): T | readonly T[] => (values.length === 1 ? (values[0] as T) : values);
export const address = (family: Family, n: number): string =>
  family === 'ipv4' ? `192.0.2.${String(n)}` : `2001:db8::${n.toString(16)}`;

/** Every key of an issuer, by names of claims and by expressions. */
const ISSUERS = [
  {
    issuer: { url: 'https://issuer.example.org', audiences: ['k8s'] },
    claimMappings: {
      username: { claim: 'sub', prefix: '"\'$(x):' },
      groups: { claim: 'groups', prefix: 'oidc:' },
      uid: { claim: 'sub' },
    },
    claimValidationRules: [{ claim: 'hd', requiredValue: '<%= it %>' }],
  },
  {
    issuer: {
      url: 'https://issuer.example.org',
      discoveryURL: 'https://inside.example.org/.well-known/openid-configuration',
      certificateAuthority: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      audiences: ['k8s', 'other'],
      audienceMatchPolicy: 'MatchAny',
    },
    claimMappings: {
      username: { expression: 'claims.sub' },
      groups: { expression: 'claims.roles' },
      uid: { expression: 'claims.sub' },
      extra: [{ key: 'example.org/tenant', valueExpression: 'claims.tenant' }],
    },
    claimValidationRules: [{ expression: 'claims.hd == "x"', message: "it's not" }],
    userValidationRules: [{ expression: '!user.username.startsWith("system:")', message: 'reserved' }],
  },
];

/** What the schema alone does not tell. Keys that other keys decide on are taken out here and set below. */
export const known: Known = (path) => {
  const last = path.replace(/^(nodes|nodeGroups)\[\]\./, '*.');
  switch (last) {
    case '*.os':
    case 'os':
      return systems;
    case 'extends':
    case 'facts':
    case 'addons.manifests':
    case 'cloudInit':
    case '*.cloudInit':
    case 'endpoint':
    case 'network':
    case 'nodes':
    case 'nodeGroups':
    case 'acknowledge':
    case 'secrets':
    case 'components.etcd.version':
    case 'components.containerd.version':
    case 'components.corosync':
    case 'components.glusterfs':
    case 'components.pacemaker':
    case 'etcd.disk':
    case '*.etcd.disk':
    case 'airGapped':
    case 'publishedServices':
    case '*.floatingIp':
    case 'kubernetes':
      return fc.constant(undefined);
    case 'access.users':
      return fc.uniqueArray(objectsOf(itemOf(path), 'access.users[]', known), {
        minLength: 1,
        maxLength: 3,
        selector: ({ name }) => name,
      });
    case 'access.users[].name':
      return fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[0-9]$/);
    case 'access.users[].sshKeys':
      return fc.uniqueArray(fc.constantFrom(SSH_KEY, 'ssh-rsa AAAAB3 "$(a)" \'<%= it %>\' `b` %n \\ é ü'), {
        minLength: 1,
        maxLength: 2,
      });
    case 'acknowledge[].code':
      return fc.constant('review/single-control-plane');
    // Systems and roles decide on these.
    case 'time.daemon':
    case 'time.source':
      return fc.constant(undefined);
    case 'cloud.openstack.loadBalancer.monitor.delay':
      return fc.constantFrom(5, 10, 300);
    case 'cloud.openstack.loadBalancer.monitor.timeout':
      return fc.constantFrom(1, 2, 4);
    case 'firewall.allow':
      return fc.constantFrom(
        [{ port: 9100 }],
        [
          { port: '8000-8010', protocol: 'udp', from: ['nodes', 'pods', '192.0.2.0/24'] },
          { port: 22, protocol: 'tcp' },
        ],
      );
    case 'controlPlane.runs':
      return fc.constantFrom(undefined, 'static-pods', 'systemd');
    case 'encryptionAtRest.resources':
      return fc.constantFrom(['secrets'], ['secrets', 'configmaps']);
    case '*.labels':
    case 'labels':
      return fc.dictionary(
        fc.constantFrom('rack', 'example.org/tier', 'a.b'),
        fc.constantFrom('', 'yes', '010', '1.30', 'null', 'a_b.c-d'),
        { maxKeys: 3 },
      );
    case 'components.kube-apiserver.admissionPlugins':
      return fc.constantFrom(['AlwaysPullImages'], []);
    // Endpoints below have these; others would be in the midst of something else's.
    case 'controlPlane.port':
      return fc.constantFrom(undefined, 6443);
    case 'components.prometheus.nodePort':
      return fc.constantFrom(undefined, 30_901);
    case 'components.grafana.nodePort':
      return fc.constantFrom(undefined, 30_902);
    case 'components.haproxy.runs':
    case 'components.keepalived.runs':
      // A unit where there are packages; balancers below are such.
      return fc.constantFrom(undefined, 'static-pod');
    case 'components.haproxy.healthPort':
      return fc.constantFrom(8404, 9001);
    case 'components.haproxy.image':
    case 'components.keepalived.image':
    case 'components.kube-vip.image':
      return fc.constant('registry.example.org:5000/some/image:v1.2_3-alpine');
    case 'components.kube-apiserver.jwt':
      return fc.constantFrom(...ISSUERS).map((issuer) => [issuer]);
    case 'components.etcd.electionTimeout':
      return fc.integer({ min: 5000, max: 50_000 });
    case 'registries.mirrors[].ca':
    case 'binaries.mirrorCa':
    case 'payload.serveCa':
    case 'components.openstack-cloud-controller-manager.ca':
      return fc.constant(CA);
    case 'payload.serve':
      return fc.constant('https://boot.example.org/k8s');
    case 'registries.mirrors':
      return fc.uniqueArray(objectsOf(itemOf(path), 'registries.mirrors[]', known), {
        maxLength: 2,
        selector: ({ registry }) => registry,
      });
    case 'registries.mirrors[].registry':
      return fc.constantFrom('registry.k8s.io', 'docker.io', 'registry.example.org:5000');
    case 'payload':
      return objectsOf(behind(published).properties?.['payload'] ?? {}, path, known).map((payload) =>
        'serve' in payload || Object.keys(payload).length === 0
          ? payload
          : { ...payload, serve: 'https://boot.example.org/k8s' },
      );
    case 'proxy.https':
      // Ignition's validator warns of a proxy for https that is itself reached by http.
      return fc.constant('https://proxy.example.org:3129');
    case 'pki.algorithm':
      return fc.constantFrom('ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096');
    default:
      return undefined;
  }
};

function itemOf(path: string): Schema {
  const schema = path.split('.').reduce<Schema>((at, key) => behind(behind(at).properties?.[key] ?? {}), published);
  return schema.items ?? {};
}

/** Keys of a node that the cluster as a whole decides on. */
const SET_BELOW = ['name', 'roles', 'address', 'addresses', 'count', 'etcd'];

const settings = (path: 'nodes' | 'nodeGroups'): fc.Arbitrary<Document> => {
  const { properties = {} } = behind(itemOf(path));
  const own = Object.keys(properties).filter((key) => !SET_BELOW.includes(key));
  const model = own.map(
    (key) =>
      [
        key,
        fc.option(valuesOf(properties[key] ?? {}, `${path}[].${key}`, known), { freq: 3, nil: undefined }),
      ] as const,
  );
  return fc.record(Object.fromEntries(model)).map(withoutUndefined);
};

/** How the API is reached where no cloud balances it; `host` and `loopback` are of the primary family, `ips` of all. */
const ENDPOINTS: readonly ((host: string, loopback: string, ips: unknown) => Document)[] = [
  (host) => ({ type: 'external', internal: `${host}:6443` }),
  (host, _, virtualIps) => ({ type: 'keepalived', internal: `${host}:8443`, virtualIps, holders: 'control-plane' }),
  (host) => ({ type: 'keepalived', internal: `${host}:6443`, balancer: 'none', virtualRouterId: 77 }),
  (host) => ({ type: 'kube-vip', internal: `${host}:6443` }),
  (host) => ({ type: 'kube-vip', internal: `${host}:443`, balancer: 'haproxy' }),
  (_, loopback) => ({ type: 'loopback', internal: `${loopback}:7443`, external: 'api.example.org:6443' }),
];

const disks = fc.constantFrom(undefined, '/dev/disk/by-id/virtio-etcd', '/dev/disk/by-partlabel/a%b'.replace('%', '+'));

/** A cloud without the settings of a load balancer, where none is. */
export function withoutBalancer(cloud: unknown): unknown {
  const openstack = (cloud as { openstack?: Document } | undefined)?.openstack;
  return openstack === undefined ? cloud : { openstack: { ...openstack, loadBalancer: undefined } };
}

/** A cloud's servers get one key pair: of its own name, or of a user whose first key is whole. */
function withKeyPair(cloud: unknown, users: readonly Document[]): unknown {
  const openstack = (cloud as { openstack?: Document } | undefined)?.openstack;
  if (openstack?.['keyPairOf'] === undefined) return cloud;
  const user = users.find(({ sshKeys }) => (sshKeys as readonly string[])[0] === SSH_KEY);
  return { openstack: { ...openstack, keyPair: undefined, keyPairOf: user?.['name'] } };
}

export const blueprints: fc.Arbitrary<Document> = fc
  .record({
    families,
    controlPlane: fc.constantFrom(1, 1, 1, 2, 3),
    etcd: fc.constantFrom(0, 0, 0, 0, 3),
    workers: fc.constantFrom(0, 0, 1, 2),
    group: fc.option(
      fc.record({
        count: fc.integer({ min: 0, max: 2 }),
        role: fc.constantFrom('worker', 'worker', 'etcd', 'control-plane'),
        settings: settings('nodeGroups'),
      }),
      { nil: undefined },
    ),
    settings: fc.array(settings('nodes'), { minLength: 10, maxLength: 10 }),
    both: fc.boolean(),
    disk: disks,
    nodeDisk: disks,
    minor: fc.constantFrom(...supportedMinors(ownFacts)),
    explicit: fc.record({
      version: fc.boolean(),
      pods: fc.boolean(),
      services: fc.boolean(),
      etcd: fc.boolean(),
      containerd: fc.boolean(),
      endpoint: fc.boolean(),
    }),
    endpointOf: fc.constantFrom(...ENDPOINTS),
    // Machines that only balance, of a system with packages: for the API, and for published services.
    balancers: fc.constantFrom(0, 0, 0, 2),
    endpoint: fc.record({
      names: fc.option(fc.constant(['api.example.org', '192.0.2.200']), { nil: undefined }),
      external: fc.option(fc.constant('api.example.org:443'), { nil: undefined }),
    }),
    network: fc.record({
      plugin: fc.constantFrom(undefined, 'flannel', 'calico', 'cilium', 'none'),
      dnsDomain: fc.constantFrom(undefined, 'k8s.example.org'),
      nodePorts: fc.constantFrom(undefined, '30000-32767', '30000-31000'),
      interface: fc.constantFrom(undefined, undefined, 'eth0'),
      hosts: fc.constantFrom(undefined, 'control-plane', 'all'),
    }),
    rest: objectsOf(published, '', known),
    recipients: fc.constantFrom(undefined, ['age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg']),
  })
  .map((made): Document => {
    const { rest, minor, explicit } = made;
    const openstack = (rest['cloud'] as { openstack?: { etcdVolume?: unknown } } | undefined)?.openstack;
    const components = rest['components'] as Record<string, Document> | undefined;
    const facts = ownFacts.kubernetes.minors[minor];
    const disk = openstack?.etcdVolume === undefined ? made.disk : undefined;
    const addressOf = (n: number): unknown => one(made.families.map((family) => address(family, n)));
    const node = (name: string, index: number, roles: string[]): Document => ({
      ...made.settings[index % made.settings.length],
      name: `${name}${String(index)}`,
      roles,
      address: addressOf(10 + index),
      ...(roles.includes('etcd') ? ofEtcd : {}),
    });
    const range = (n: number): string[] => Array.from({ length: n }, (_, index) => String(index));
    const first = made.families[0] ?? 'ipv4';
    const host = first === 'ipv4' ? '192.0.2.5' : '[2001:db8::5]';
    const withEndpoint = made.controlPlane > 1 || made.group?.role === 'control-plane' || explicit.endpoint;
    const ofEtcd =
      openstack?.etcdVolume === undefined && made.nodeDisk !== undefined ? { etcd: { disk: made.nodeDisk } } : {};
    const balancers = withEndpoint && openstack === undefined ? made.balancers : 0;
    const isSystemd = (rest['controlPlane'] as { runs?: string } | undefined)?.runs === 'systemd';
    const asUnit = balancers > 0 ? { runs: 'systemd' } : {};
    const given = rest['access'] as { users?: readonly Document[] } | undefined;
    const users = given?.users ?? [{ name: 'ops', sshKeys: [SSH_KEY] }];
    const cloud = withKeyPair(rest['cloud'], users);
    return withoutUndefined({
      ...rest,
      cloud: withEndpoint ? cloud : withoutBalancer(cloud),
      publishedServices:
        balancers > 0
          ? { virtualIps: addressOf(6), ports: [80, '8000-8099'], ...(made.both ? { virtualRouterId: 78 } : {}) }
          : undefined,
      kubernetes: explicit.version ? { version: newestPatch(ownFacts, minor) } : undefined,
      apiVersion: 'triskel/v1',
      etcd: disk === undefined ? undefined : { disk },
      endpoint: withEndpoint
        ? withoutUndefined({
            ...(openstack === undefined
              ? balancers > 0
                ? { type: 'keepalived', internal: `${host}:6443`, holders: 'load-balancer', virtualRouterId: 77 }
                : made.endpointOf(host, first === 'ipv4' ? '127.0.0.1' : '[::1]', addressOf(5))
              : { type: 'openstack-load-balancer', internal: `${host}:6443` }),
            ...withoutUndefined(made.endpoint),
          })
        : undefined,
      network: withoutUndefined({
        ...made.network,
        nodes: one(made.families.map((family) => NETWORKS.nodes[family])),
        pods: explicit.pods ? one(made.families.map((family) => NETWORKS.pods[family])) : undefined,
        services: explicit.services ? one(made.families.map((family) => NETWORKS.services[family])) : undefined,
      }),
      components: withoutUndefined({
        ...components,
        ...(balancers > 0
          ? {
              haproxy: { ...components?.['haproxy'], ...asUnit },
              keepalived: { ...components?.['keepalived'], ...asUnit },
            }
          : {}),
        // As a unit etcd is an archive, whose checksum is known for the newest of a release line.
        ...(explicit.etcd && explicit.version && !isSystemd
          ? { etcd: { ...components?.['etcd'], version: facts?.etcd } }
          : {}),
        ...(explicit.containerd && explicit.version ? { containerd: { version: facts?.containerd } } : {}),
      }),
      access: given?.users === undefined ? { users } : rest['access'],
      nodes: [
        ...range(made.controlPlane).map((_, index) =>
          node('cp', index, made.both ? ['control-plane', 'worker'] : ['control-plane']),
        ),
        ...range(made.etcd).map((_, index) => node('etcd', made.controlPlane + index, ['etcd'])),
        ...range(made.workers).map((_, index) => node('w', 9 + index, ['worker'])),
        ...range(balancers).map((_, index) => ({
          name: `lb${String(index)}`,
          roles: ['load-balancer'],
          address: addressOf(90 + index),
          os: { name: 'debian', version: '13', arch: 'amd64' },
        })),
      ],
      nodeGroups:
        made.group === undefined
          ? undefined
          : [
              {
                ...made.group.settings,
                ...(made.group.role === 'etcd' ? ofEtcd : {}),
                name: 'group',
                count: made.group.count,
                roles: [made.group.role],
                addresses: one(made.families.map((family) => `${address(family, 100)}-${address(family, 120)}`)),
              },
            ],
      secrets: made.recipients === undefined ? undefined : { recipients: made.recipients },
      acknowledge: [
        { code: 'review/single-control-plane', reason: 'random nodes' },
        { code: 'review/vrrp-password', reason: 'random options' },
      ],
    });
  });
