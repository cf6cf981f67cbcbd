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
  readonly liveness: Probe;
  readonly readiness: Probe;
  /** How long the program may take until it is alive, in seconds, before it is started anew. */
  readonly startupSeconds: number;
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
          resources: { requests: { ...spec.requests } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          startupProbe: probe(spec, spec.liveness, {
            periodSeconds: 5,
            failureThreshold: Math.ceil(spec.startupSeconds / 5),
          }),
          livenessProbe: probe(spec, spec.liveness, { periodSeconds: 10, failureThreshold: 8 }),
          readinessProbe: probe(spec, spec.readiness, { periodSeconds: 2, failureThreshold: 3 }),
          volumeMounts: hostVolumeMounts(spec.hostPaths),
        },
      ],
      volumes: hostVolumes(spec.hostPaths),
    },
  } satisfies IPod;
  return toYaml(pod);
}

function probe(
  spec: StaticPodSpec,
  { path, port, scheme }: Probe,
  timing: { periodSeconds: number; failureThreshold: number },
) {
  return { httpGet: { host: loopbackOf(spec.node), path, port, scheme }, timeoutSeconds: 15, ...timing };
}
