import { pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import {
  balancesApi,
  HAPROXY_CONFIG,
  haproxyHealthPort,
  haproxyHealthUrl,
  PUBLISHED,
  publishesServices,
  refusePodsWithoutKubelet,
  runsAs,
} from '../balancing.ts';
import type { Component } from '../component.ts';
import { hostFiles } from '../host-paths.ts';
import { trustFile } from '../identity-files.ts';
import { manifestFolder } from '../node-paths.ts';
import { staticPod } from '../static-pod.ts';
import { configuration, maxConnections, purposeOf } from './configuration.ts';
import unit from './haproxy.service.ejs';

const NAME = 'haproxy';
const UNIT = 'haproxy.service';
/** Holds the admin socket; SELinux's policy lets haproxy make sockets there (selinux-policy, rhcs.te). */
const STATE = '/var/lib/haproxy';
const CA = '/etc/haproxy/ca.crt';

/** haproxy in front of the API servers, and of published services. */
export const haproxy: Component = {
  name: NAME,
  check: (cluster) =>
    refusePodsWithoutKubelet(
      cluster,
      NAME,
      cluster.nodes.filter((node) => runsOn(cluster, node)),
    ),
  plan(cluster, node) {
    if (!runsOn(cluster, node)) return [];
    const asPod = runsAs(cluster, node, NAME) === 'static-pod';
    const restarts = [asPod ? ({ kind: 'static-pod', name: NAME } as const) : ({ kind: 'unit', name: UNIT } as const)];
    return [
      { kind: 'file', path: HAPROXY_CONFIG, mode: 0o600, content: configuration(cluster, node) },
      ...(balancesApi(cluster, node) ? [trustFile('cluster-ca', CA, restarts)] : []),
      ...(asPod ? podItems(cluster, node) : unitItems(cluster, node)),
      {
        kind: 'phase',
        phase: 'balancer',
        unit: asPod ? 'kubelet.service' : UNIT,
        url: haproxyHealthUrl(cluster, node, balancesApi(cluster, node) ? '/readyz' : '/livez'),
      },
      ...ports(cluster, node),
    ];
  },
};

function runsOn(cluster: Cluster, node: ClusterNode): boolean {
  return balancesApi(cluster, node) || publishesServices(cluster, node);
}

function ports(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const { type, internal } = cluster.endpoint;
  const health: PlanItem = {
    kind: 'port',
    protocol: 'tcp',
    port: haproxyHealthPort(cluster),
    purpose: 'haproxy health',
    from: 'loopback',
    origin: ['components', NAME, 'healthPort'],
  };
  if (!balancesApi(cluster, node)) return [health];
  const from = type === 'loopback' ? 'loopback' : 'anywhere';
  return [
    {
      kind: 'port',
      protocol: 'tcp',
      port: internal.port,
      purpose: 'the Kubernetes API, by haproxy',
      from,
      origin: ['endpoint', 'internal'],
    },
    health,
  ];
}

/** A unit of our own in the place of the package's: the same on every distribution, and it starts no configuration unseen. */
function unitItems(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const publishes = publishesServices(cluster, node);
  const files = [HAPROXY_CONFIG, ...(publishes ? [PUBLISHED] : [])].map((file) => `-f ${file}`).join(' ');
  const booleans = enforcesSelinux(node) ? ['haproxy_connect_any'] : [];
  return [
    { kind: 'package', name: NAME },
    {
      kind: 'unit',
      name: UNIT,
      enabled: true,
      // Two for each connection, and some for itself.
      content: unit({
        purpose: purposeOf(cluster, node),
        files,
        booleans,
        descriptors: 2 * maxConnections(cluster) + 1000,
      }),
    },
    ...(publishes ? [{ kind: 'directory', path: PUBLISHED, mode: 0o755 } as const] : []),
  ];
}

function podItems(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const image = pinnedImage(
    cluster,
    cluster.options.haproxy?.image ?? `docker.io/library/haproxy:${cluster.versions.haproxy}-alpine`,
  );
  const health = { port: haproxyHealthPort(cluster), scheme: 'HTTP' } as const;
  const manifest = staticPod({
    name: NAME,
    image,
    command: ['haproxy', '-W', '-db', '-f', HAPROXY_CONFIG],
    hostPaths: [...hostFiles(HAPROXY_CONFIG, CA), { path: STATE, type: 'Directory', writable: true }],
    liveness: { ...health, path: '/livez' },
    readiness: { ...health, path: '/readyz' },
    startupSeconds: 60,
    requests: { cpu: '50m', memory: '128Mi' },
    // Root without any other right: the configuration is root's, and so is the admin socket.
    user: 0,
    capabilities: ['NET_BIND_SERVICE'],
    node,
  });
  return [
    { kind: 'directory', path: manifestFolder(cluster), mode: 0o755 },
    { kind: 'directory', path: STATE, mode: 0o700 },
    { kind: 'file', path: `${manifestFolder(cluster)}/haproxy.yaml`, mode: 0o600, content: manifest },
    { kind: 'image', reference: image },
  ];
}
