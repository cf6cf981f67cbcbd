import type { IClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import type { IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { apiServerUrl, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import { PUBLISHER_USER } from '../../secrets/certificates.ts';
import { PUBLISHED, publishesServices, runsAs } from '../balancing.ts';
import type { Component, KubernetesObject } from '../component.ts';
import { certificateFiles, trustFile } from '../identity-files.ts';
import { CLUSTER_CA, PKI, TRISKEL } from '../node-paths.ts';
import program from './publish-services.jq.ejs';
import settings from './publish-services.env.ejs';
import script from './publish-services.sh';
import timer from './triskel-published.timer.ejs';
import unit from './triskel-published.service.ejs';

const NAME = 'published-services';
const SCRIPT = `${TRISKEL}/publish-services`;
const PAIR = `${PKI}/published-services`;
/** How often the API is asked; haproxy itself finds out about nodes that are gone. */
const SECONDS = 15;
const apiGroup = 'rbac.authorization.k8s.io';

/** On the proxies: what follows the services with the annotation triskel.dev/publish, with an identity that may read these alone. */
export const publishedServices: Component = {
  name: NAME,
  check: refusePods,
  plan(cluster, node) {
    if (!publishesServices(cluster, node)) return [];
    return [
      { kind: 'package', name: 'curl' },
      { kind: 'package', name: 'jq' },
      // Read at every run: nothing has to start anew when they are renewed.
      trustFile('cluster-ca', CLUSTER_CA, []),
      ...certificateFiles(NAME, node, PAIR, []),
      { kind: 'file', path: `/etc/triskel/${NAME}`, mode: 0o644, content: settingsOf(cluster, node) },
      { kind: 'file', path: SCRIPT, mode: 0o755, content: script },
      { kind: 'file', path: `${SCRIPT}.jq`, mode: 0o644, content: program({}) },
      {
        kind: 'unit',
        name: 'triskel-published.service',
        enabled: false,
        content: unit({ script: SCRIPT, folder: PUBLISHED }),
      },
      { kind: 'unit', name: 'triskel-published.timer', enabled: true, content: timer({ seconds: SECONDS }) },
      ...cluster.publishedPorts.map(([first, last]): PlanItem => ({
        kind: 'port',
        protocol: 'tcp',
        port: first === last ? first : [first, last],
        purpose: 'published services',
        from: 'anywhere',
        origin: ['publishedServices', 'ports'],
      })),
    ];
  },
  addon(cluster) {
    if (!cluster.nodes.some((node) => publishesServices(cluster, node))) return undefined;
    return { name: NAME, order: 10, images: [], objects: rights() };
  },
};

/** A pod is not reloaded from outside of it. */
function refusePods(cluster: Cluster): Diagnostic[] {
  return cluster.nodes
    .filter((node) => publishesServices(cluster, node) && runsAs(cluster, node, 'haproxy') === 'static-pod')
    .map((node) => {
      const text = `${node.name} publishes services, for which haproxy must be a unit, and it is a static pod there`;
      const asked = cluster.options.haproxy?.runs === undefined ? [] : [at(['components', 'haproxy', 'runs'])];
      return diagnostic('plan/not-on-this-system', text, [at(node.origin), at(['publishedServices']), ...asked]);
    });
}

function settingsOf(cluster: Cluster, node: ClusterNode): string {
  return settings({
    api: apiServerUrl(cluster, node),
    ca: CLUSTER_CA,
    pair: PAIR,
    ports: cluster.publishedPorts.map(([first, last]) => `${String(first)}-${String(last)}`),
    families: cluster.network.nodes.map(({ family }) => family),
  });
}

function rights(): KubernetesObject[] {
  return [
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRole',
      metadata: { name: PUBLISHER_USER },
      rules: [{ apiGroups: [''], resources: ['services', 'nodes'], verbs: ['get', 'list'] }],
    } satisfies IClusterRole,
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: PUBLISHER_USER },
      roleRef: { apiGroup, kind: 'ClusterRole', name: PUBLISHER_USER },
      subjects: [{ apiGroup, kind: 'User', name: PUBLISHER_USER }],
    } satisfies IClusterRoleBinding,
  ];
}
