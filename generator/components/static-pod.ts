import type { IPod } from 'kubernetes-models/v1/Pod';
import { toYaml } from '../base/yaml.ts';
import { loopbackOf, type ClusterNode } from '../cluster/cluster.ts';
import { enforcesSelinux } from '../cluster/systems.ts';
import { hostVolumeMounts, hostVolumes, SEES_NODE_FILES, type HostPath } from './host-paths.ts';
import { podArgument } from './extra-arguments.ts';

/** An HTTP(S) check on the node's loopback. */
export interface Probe {
  readonly path: string;
  readonly port: number;
  readonly scheme: 'HTTP' | 'HTTPS';
}

/** What is particular to one static pod; the rest is the same for all. */
export interface StaticPodSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly hostPaths: readonly HostPath[];
  /** Undefined: the program answers nobody, and is well while it runs. */
  readonly liveness?: Probe;
  readonly readiness?: Probe;
  /** How long the program may take until it is alive, in seconds, before it is started anew. */
  readonly startupSeconds: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders of its own in memory; all others are read-only. */
  readonly scratch?: readonly string[];
  /** The user's number; undefined: the image's own. */
  readonly user?: number;
  /** What it may do of what root may; nothing of it by itself. */
  readonly capabilities?: readonly string[];
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** Where it runs; probes ask at that node's loopback address. */
  readonly node: ClusterNode;
}

/** A static pod's manifest. It refers to no API object: the kubelet refuses those that do (Kubernetes 1.34, #131837). */
export function staticPod(spec: StaticPodSpec): string {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: spec.name,
      namespace: 'kube-system',
      labels: { 'app.kubernetes.io/name': spec.name, component: spec.name, tier: 'control-plane' },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      priority: 2_000_001_000,
      securityContext: {
        seccompProfile: { type: 'RuntimeDefault' },
        ...(enforcesSelinux(spec.node) ? SEES_NODE_FILES : {}),
      },
      containers: [
        {
          name: spec.name,
          image: spec.image,
          imagePullPolicy: 'IfNotPresent',
          command: spec.command.map(podArgument),
          ...(spec.environment === undefined
            ? {}
            : { env: Object.entries(spec.environment).map(([name, value]) => ({ name, value })) }),
          resources: { requests: { ...spec.requests } },
          securityContext: securityContext(spec),
          ...probes(spec),
          volumeMounts: [...hostVolumeMounts(spec.hostPaths), ...scratchVolumes(spec).mounts],
        },
      ],
      volumes: [...hostVolumes(spec.hostPaths), ...scratchVolumes(spec).volumes],
    },
  } satisfies IPod;
  return toYaml(pod);
}

function securityContext({ user, capabilities = [] }: StaticPodSpec) {
  return {
    ...(user === undefined ? {} : { runAsUser: user }),
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], ...(capabilities.length === 0 ? {} : { add: [...capabilities] }) },
  };
}

function scratchVolumes({ scratch = [] }: StaticPodSpec) {
  const named = scratch.map((path, index) => ({ path, name: `scratch-${String(index)}` }));
  return {
    volumes: named.map(({ name }) => ({ name, emptyDir: { medium: 'Memory' } })),
    mounts: named.map(({ name, path }) => ({ name, mountPath: path })),
  };
}

function probes({ liveness, readiness, startupSeconds, node }: StaticPodSpec) {
  const probe = ({ path, port, scheme }: Probe, timing: { periodSeconds: number; failureThreshold: number }) => ({
    httpGet: { host: loopbackOf(node), path, port, scheme },
    timeoutSeconds: 15,
    ...timing,
  });
  return {
    ...(liveness === undefined
      ? {}
      : {
          startupProbe: probe(liveness, { periodSeconds: 5, failureThreshold: Math.ceil(startupSeconds / 5) }),
          livenessProbe: probe(liveness, { periodSeconds: 10, failureThreshold: 8 }),
        }),
    ...(readiness === undefined ? {} : { readinessProbe: probe(readiness, { periodSeconds: 2, failureThreshold: 3 }) }),
  };
}
