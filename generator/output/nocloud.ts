import { toYaml } from '../base/yaml.ts';
import { readYaml, type Range } from '../blueprint/yaml-text.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Changes } from './changes.ts';

/** The label by which cloud-init finds the volume (cloud-init docs, "NoCloud", source 1: labeled filesystem). */
export const NOCLOUD_LABEL = 'cidata';

/**
 * The volume's files. The instance id is the node's name in its cluster: a payload that changes does not run again on a
 * machine that has run one, and a machine with an empty disk runs it for the first time.
 */
export function nocloudFiles(
  { name: cluster }: Cluster,
  { name }: ClusterNode,
  userData: Uint8Array,
  networkConfig: string | undefined,
): Map<string, string | Uint8Array> {
  return new Map<string, string | Uint8Array>([
    ['meta-data', toYaml({ 'instance-id': `${cluster}-${name}`, 'local-hostname': name })],
    ['user-data', userData],
    ...(networkConfig === undefined ? [] : [['network-config', networkConfig] as const]),
  ]);
}

/** Volumes of payloads that are no longer what they were: nobody may attach them by mistake. */
export function withoutStaleIsos(changes: Changes, wanted: ReadonlyMap<string, unknown>): Changes {
  const written = new Set([...changes.missing, ...changes.changed]);
  const isStale = (path: string): boolean => {
    const payload = path.replace(/\.iso$/, '.user-data');
    return payload !== path && (!wanted.has(payload) || written.has(payload));
  };
  return {
    ...changes,
    remove: [...changes.remove, ...changes.unknown.filter(isStale)],
    unknown: changes.unknown.filter((path) => !isStale(path)),
  };
}

/** What can be seen from here: it is YAML, and one of the two versions that cloud-init reads (cloud-init docs, "Network configuration"). */
export function checkNetworkConfig(file: string, text: string): Diagnostic[] {
  const refuse = (why: string, range?: Range): Diagnostic[] => [
    diagnostic('output/no-network-config', why, [{ file, ...(range ? { range } : {}) }]),
  ];
  // PyYAML, with which cloud-init reads, is YAML 1.1.
  const { value, problems } = readYaml(text, '1.1');
  const [problem] = problems;
  if (problem !== undefined) return refuse(problem.message, problem.ranges[0]);
  const inner = isMap(value) && isMap(value['network']) ? value['network'] : value;
  return isMap(inner) && (inner['version'] === 1 || inner['version'] === 2) ? [] : refuse('there is no `version: 2`');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
