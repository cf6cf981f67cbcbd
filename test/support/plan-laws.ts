/** What holds for the machines of every cluster that is generated, whatever it is made of. */
import { parse } from 'yaml';
import { memo } from '../../generator/base/memo.ts';
import type { Ready } from '../../generator/commands/generation.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly volumeMounts?: readonly { readonly mountPath: string }[];
  readonly livenessProbe?: object;
}

interface Pod {
  readonly kind?: string;
  readonly spec?: { readonly containers?: readonly Container[] };
}

/** Every law that is broken, a line each. */
export function brokenLaws({ nodes }: Pick<Ready, 'nodes'>): string[] {
  return nodes.flatMap(({ plan }) => {
    const containers = staticContainers(plan);
    return [
      ...containers.flatMap(unmountedFiles),
      ...containers.flatMap(plainHttp),
      ...containers.flatMap(deadProbes),
      ...restlessUnits(plan),
    ].map((broken) => `${plan.node.name}: ${broken}`);
  });
}

/** Containers of pods that the kubelet itself starts. */
function staticContainers({ files }: NodePlan): readonly Container[] {
  const manifests = files.filter(({ path }) => /^\/etc\/(kubernetes\/manifests|triskel)\/[^/]+\.ya?ml$/.test(path));
  return manifests.flatMap(({ content }) => containersOf(content));
}

/** Parsing is the slow part, and many nodes and clusters have the same manifests. */
const containersOf = memo((manifest: string): readonly Container[] => {
  const pod = parse(manifest) as Pod | null;
  return pod?.kind === 'Pod' ? (pod.spec?.containers ?? []) : [];
});

const argumentsOf = ({ command = [], args = [] }: Container): readonly string[] => [...command, ...args];

/** Arguments that name a file or folder which no volume of the pod has. */
export function unmountedFiles(container: Container): string[] {
  const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  const isMounted = (path: string): boolean => mounts.some((mount) => path === mount || path.startsWith(`${mount}/`));
  return argumentsOf(container).flatMap((argument) => {
    const path = /^--[a-z-]+=(\/(?:etc|var|run|srv|opt|tmp|root|home)\/\S+)$/.exec(argument)?.[1];
    return path === undefined || isMounted(path) ? [] : [`${container.name} names ${path}, which it does not mount`];
  });
}

/** Arguments with a plain HTTP address that is not the machine's own loopback. */
export function plainHttp(container: Container): string[] {
  return argumentsOf(container)
    .filter((argument) => /http:\/\/(?!127\.0\.0\.1[:/]|\[::1\][:/]|localhost[:/])/.test(argument))
    .map((argument) => `${container.name} speaks plain HTTP: ${argument}`);
}

/** Liveness probes that do nothing. */
export function deadProbes({ name, livenessProbe }: Container): string[] {
  if (livenessProbe === undefined) return [];
  const acts = ['httpGet', 'tcpSocket', 'exec', 'grpc'].some((action) => action in livenessProbe);
  return acts ? [] : [`the liveness probe of ${name} does nothing`];
}

/** Units that Pacemaker starts and stops, and that somebody else would start, too. */
export function restlessUnits({ files, units }: Pick<NodePlan, 'files' | 'units'>): string[] {
  const resources = files.find(({ path }) => path === '/etc/triskel/pacemaker.xml')?.content ?? '';
  const managed = [...resources.matchAll(/class="systemd" type="([^"]+)"/g)].map(([, name = '']) => `${name}.service`);
  return units
    .filter(({ name }) => managed.includes(name))
    .flatMap(({ name, enabled, content = '' }) => [
      ...(enabled ? [`${name} is Pacemaker's, and is enabled`] : []),
      ...(/^Restart=(?!no$)/m.test(content) ? [`${name} is Pacemaker's, and restarts by itself`] : []),
    ]);
}
