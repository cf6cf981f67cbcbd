import type { IPod } from 'kubernetes-models/v1/Pod';
import { toYaml } from '../base/yaml.ts';

/** A path of the node inside the container, read-only unless said otherwise. Static pods may use nothing but hostPath. */
export interface HostPath {
  readonly path: string;
  /** File and Directory must be there already: a kubelet that made them would hide what is missing. */
  readonly type: 'File' | 'Directory';
  readonly writable?: boolean;
}

/** Files of the node, each mounted alone: a program sees the keys that are its own and no others. */
export function hostFiles(...paths: readonly string[]): HostPath[] {
  return paths.map((path) => ({ path, type: 'File' }));
}

/** A certificate and its key. */
export function keyPairFiles(base: string): HostPath[] {
  return hostFiles(`${base}.crt`, `${base}.key`);
}

/** An HTTP(S) check on the node's loopback. */
export interface Probe {
  readonly path: string;
  readonly port: number;
  readonly scheme: 'HTTP' | 'HTTPS';
}

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
  /** Where probes ask: the node's loopback address. */
  readonly loopback: string;
}

/** A static pod's manifest. It refers to no API object: the kubelet refuses those that do (Kubernetes 1.34, #131837). */
export function staticPod(spec: StaticPodSpec): string {
  const names = new Map(
    spec.hostPaths.map(({ path }) => [
      path,
      path
        .slice(1)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-'),
    ]),
  );
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
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: spec.name,
          image: spec.image,
          imagePullPolicy: 'IfNotPresent',
          command: [...spec.command],
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
          volumeMounts: spec.hostPaths.map(({ path, writable }) => ({
            name: names.get(path) ?? path,
            mountPath: path,
            readOnly: writable !== true,
          })),
        },
      ],
      volumes: spec.hostPaths.map(({ path, type }) => ({ name: names.get(path) ?? path, hostPath: { path, type } })),
    },
  } satisfies IPod;
  return toYaml(pod);
}

function probe(
  spec: StaticPodSpec,
  { path, port, scheme }: Probe,
  timing: { periodSeconds: number; failureThreshold: number },
) {
  return { httpGet: { host: spec.loopback, path, port, scheme }, timeoutSeconds: 15, ...timing };
}
