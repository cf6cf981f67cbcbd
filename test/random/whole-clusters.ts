/** Random clusters: random blueprints, and laid over some of them forms that decide on many keys at once. */
import fc from 'fast-check';
import { ownFacts } from '../../generator/cluster/facts.ts';
import { knownChecksum } from '../../generator/cluster/versions.ts';
import { address, blueprints, withoutBalancer, type Document } from './blueprints.ts';
import {
  DEBIAN,
  PACKAGED,
  familiesOf,
  hostOf,
  inside,
  machinesOf,
  namesOf,
  onSystems,
  optionsOf,
  withComponents,
  without,
  withoutLoopback,
  type Form,
  type Machine,
} from './forms.ts';
import { withoutUndefined } from './schema.ts';

const kubeadm = optionsOf('kubeadm').map((options): Form => (document) => {
  const { controlPlane } = document;
  const form = withComponents(withoutLoopback(document), { kubeadm: options });
  return { ...form, controlPlane: { ...inside(controlPlane), runs: 'kubeadm' } };
});

/** Kubernetes versions whose k3s is known for both architectures, and whether its archives of images are, too. */
const RELEASES = Object.keys(ownFacts.releases['k3s'] ?? {}).flatMap((tag) => {
  const release = tag.slice(1);
  const hasBoth = (file: string): boolean =>
    ['amd64', 'arm64'].every((arch) => knownChecksum(ownFacts, 'k3s', release, arch, file) !== undefined);
  return hasBoth('k3s') ? [{ version: release.split('+')[0], hasImages: hasBoth('images') }] : [];
});

const k3s = fc
  .record({
    options: optionsOf('k3s'),
    release: fc.constantFrom(...RELEASES),
    onlyMirrors: fc.boolean(),
    turn: fc.nat(4),
  })
  .map(({ options, release, onlyMirrors, turn }): Form => (document) => {
    const { components, controlPlane, encryptionAtRest, kubernetes, registries } = document;
    const { etcd, containerd, 'kube-proxy': proxy } = inside(components);
    const mirrors = inside(registries)['mirrors'] as readonly Document[] | undefined;
    const endpoint = inside(withoutLoopback(document)['endpoint']);
    const internal = endpoint['internal'] as string | undefined;
    const { revision: _revision, images, ...rest } = options;
    const hasImages = images === 'archive' && release.hasImages;
    const form = withComponents(onSystems(document, [...PACKAGED, { name: 'flatcar' }], turn), {
      k3s: { ...rest, images: hasImages ? 'archive' : 'registry' },
      coredns: undefined,
      etcd: without(etcd, 'version'),
      containerd: without(containerd, 'version'),
      'kube-proxy': without(proxy, 'configuration'),
    });
    return withoutUndefined({
      ...form,
      controlPlane: { ...inside(controlPlane), runs: 'k3s' },
      kubernetes: kubernetes === undefined && !hasImages ? undefined : { version: release.version },
      encryptionAtRest: encryptionAtRest === undefined ? undefined : { provider: 'secretbox' },
      // Traefik has port 443 of every node.
      endpoint: internal === undefined ? undefined : { ...endpoint, internal: internal.replace(/:443$/, ':9443') },
      registries:
        mirrors === undefined ? registries : { mirrors: mirrors.map((mirror) => ({ ...mirror, onlyMirrors })) },
      // k3s runs etcd within its servers.
      nodes: (form['nodes'] as readonly Machine[]).filter(({ roles }) => !roles.every((role) => role === 'etcd')),
      nodeGroups: (form['nodeGroups'] as readonly Machine[] | undefined)?.map((group) =>
        group.roles.includes('etcd') ? { ...without(group, 'etcd'), roles: ['worker'] } : group,
      ),
    });
  });

const pacemaker = fc
  .record({
    options: optionsOf('pacemaker'),
    corosync: fc.option(optionsOf('corosync'), { nil: undefined }),
    turn: fc.nat(3),
    form: fc.constantFrom('none', 'haproxy', 'load-balancer'),
    fenced: fc.boolean(),
    members: fc.boolean(),
  })
  .map(({ options, corosync, turn, form, fenced, members }): Form => (document) => {
    const balancers = namesOf(document, 'load-balancer');
    const masters = namesOf(document, 'control-plane');
    const onBalancers = form === 'load-balancer' && balancers.length > 0;
    const holders = onBalancers ? balancers : masters;
    const others = machinesOf(document).filter(({ name }) => !holders.includes(name) && members);
    const port = form === 'haproxy' ? '8443' : '6443';
    const endpoint = withoutUndefined({
      ...without(document['endpoint'], 'holders', 'virtualIps', 'virtualRouterId', 'balancer'),
      type: 'pacemaker',
      internal: `${hostOf(document)}:${port}`,
      balancer: form === 'haproxy' ? 'haproxy' : undefined,
      holders: onBalancers ? 'load-balancer' : undefined,
    });
    const devices = holders.map((name) => ({
      name: `fence-${name}`,
      agent: 'fence_ipmilan',
      nodes: [name],
      parameters: { ip: '192.0.2.240', username: '<%= "a\'&$(x)', lanplus: true },
      secrets: ['password'],
    }));
    const made = withComponents(onSystems(document, PACKAGED, turn), {
      pacemaker: { ...options, fencing: fenced ? devices : 'none' },
      corosync:
        corosync &&
        withoutUndefined({
          ...corosync,
          tieBreakers: others.length > 0 ? others.map(({ name }) => name) : undefined,
          nodeIds: members ? Object.fromEntries(holders.map((name, index) => [name, 65_000 + index])) : undefined,
        }),
    });
    return { ...made, endpoint, ...('cloud' in made ? { cloud: withoutBalancer(made['cloud']) } : {}) };
  });

const storage = fc
  .record({ options: optionsOf('glusterfs'), turn: fc.nat(2), arbiter: fc.boolean(), volumes: fc.boolean() })
  .map(({ options, turn, arbiter, volumes }): Form => (document) => {
    const families = familiesOf(document);
    // Bricks cannot be named by IPv6 addresses.
    if (families[0] === 'ipv6') return document;
    const servers = ['storage0', 'storage1', ...(arbiter ? [] : ['storage2'])].map((name, index) => ({
      name,
      roles: ['storage'],
      address: families.map((family) => address(family, 80 + index)),
    }));
    const hasWorkers = namesOf(document, 'worker').length > 0;
    const persistentVolumes = [
      { name: 'web', size: '10Gi' },
      { name: 'mail', size: '500Mi' },
    ];
    const [first] = machinesOf(document);
    return withComponents(onSystems({ ...document, nodes: [...machinesOf(document), ...servers] }, DEBIAN, turn), {
      glusterfs: {
        ...options,
        ...(arbiter ? { arbiter: first?.name } : {}),
        ...(volumes && hasWorkers ? { persistentVolumes } : {}),
      },
    });
  });

const clocks = fc
  .record({ turn: fc.nat(2), daemon: fc.constantFrom('chrony', 'systemd-timesyncd') })
  .map(({ turn, daemon }): Form => (document) => ({
    ...onSystems(document, DEBIAN, turn),
    time: { ...inside(document['time']), daemon, source: daemon === 'chrony' ? 'control-plane' : 'servers' },
  }));

const REGISTRIES = ['registry.k8s.io', 'docker.io', 'quay.io', 'ghcr.io', 'registry.example.org:5000'];

const cutOff = fc.constant<Form>((document) => ({
  ...without(document, 'proxy'),
  airGapped: true,
  binaries: { mirror: 'https://mirror.example.org/files' },
  packages: { mirror: 'http://192.0.2.8:8080/files' },
  registries: {
    mirrors: REGISTRIES.map((registry) => ({
      registry,
      endpoints: ['https://mirror.example.org/images'],
      onlyMirrors: true,
    })),
  },
  time: { ...inside(document['time']), servers: ['192.0.2.9'] },
}));

const CLOUD = { openstack: { authUrl: 'https://keystone.example.org:5000/v3', externalNetwork: 'public' } };

const floating = fc.constant<Form>((document) => {
  const { endpoint, publishedServices } = document;
  const cloud = publishedServices === undefined ? document['cloud'] : CLOUD;
  if (inside(inside(cloud)['openstack'])['externalNetwork'] === undefined) return document;
  return withoutUndefined({
    ...document,
    cloud,
    endpoint: endpoint && { ...inside(endpoint), floatingIp: '203.0.113.99' },
    publishedServices: publishedServices && { ...inside(publishedServices), floatingIp: '203.0.113.98' },
    nodes: machinesOf(document).map((node, index) => ({
      ...node,
      floatingIp: index === 0 ? 'new' : `203.0.113.${String(index)}`,
    })),
  });
});

/** Machines that only balance or only store, as groups of the same names. */
const grouped = fc.constant<Form>((document) => {
  const { nodeGroups = [] } = document;
  const isGrouped = ({ name }: Machine): boolean => /^(lb|storage)\d$/.test(name);
  const families = familiesOf(document);
  const groups = ['lb', 'storage'].flatMap((name) => {
    const of = machinesOf(document).filter((machine) => isGrouped(machine) && machine.name.startsWith(name));
    const [first] = of;
    if (first === undefined) return [];
    const start = name === 'lb' ? 90 : 80;
    const addresses = families.map((family) => `${address(family, start)}-${address(family, start + 9)}`);
    return [withoutUndefined({ name, count: of.length, roles: first.roles, addresses, os: first['os'] })];
  });
  return {
    ...document,
    nodes: machinesOf(document).filter((machine) => !isGrouped(machine)),
    nodeGroups: [...(nodeGroups as readonly Document[]), ...groups],
  };
});

const asItIs = fc.constant<Form>((document) => document);

const sometimes = (form: fc.Arbitrary<Form>): fc.Arbitrary<Form> =>
  fc.oneof({ weight: 3, arbitrary: asItIs }, { weight: 1, arbitrary: form });

/** A random cluster need not be a good one, and is generated all the same. */
const acknowledged = fc.constant<Form>((document) => ({
  ...document,
  acknowledge: [
    ...(document['acknowledge'] as readonly object[]),
    ...['one-failure-domain', 'two-etcd-members', 'two-node-pacemaker', 'etcd-election-timeout'].map((rule) => ({
      code: `review/${rule}`,
      reason: 'random nodes and options',
    })),
  ],
}));

const forms = fc.tuple(
  fc.oneof(kubeadm, k3s, asItIs),
  sometimes(pacemaker),
  sometimes(storage),
  sometimes(clocks),
  sometimes(cutOff),
  sometimes(grouped),
  sometimes(floating),
  acknowledged,
);

/** Every key, system, version, family, number of nodes and way in which a control plane runs. */
export const clusters: fc.Arbitrary<Document> = fc.oneof(
  { weight: 3, arbitrary: blueprints },
  {
    weight: 1,
    arbitrary: fc.tuple(blueprints, forms).map(([document, all]) => all.reduce((made, form) => form(made), document)),
  },
);
