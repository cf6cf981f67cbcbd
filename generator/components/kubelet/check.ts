import { canonicalJson } from '../../base/digests.ts';
import type { Path } from '../../base/paths.ts';
import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { cgroupV1IsRefused, type Versions } from '../../cluster/versions.ts';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { checkExtraArguments, type ExtraArguments } from '../extra-arguments.ts';
import { checkConfiguration, type Configuration } from '../settings.ts';
import { OWNED_FIELDS, OWNED_FLAGS } from './owned.ts';

interface Options {
  readonly configuration?: Configuration;
  readonly extraArguments?: ExtraArguments;
}

/** All that one node gives its kubelet. */
interface Given {
  readonly flags: readonly string[];
  readonly configuration: Configuration;
}

/** What is wrong with the kubelet's options: those of the cluster, and what nodes and groups have of their own. */
export function checkOptions(cluster: Cluster, givenTo: (node: ClusterNode) => Given): Diagnostic[] {
  const ofAll: Options = cluster.options.kubelet ?? {};
  const seen = new Set<string>();
  const nothing: Given = { flags: [], configuration: {} };
  const [first] = cluster.controlPlaneNodes;
  // What the kubelet of a blueprint without such options is given: Triskel's own part.
  const ours = first === undefined ? nothing : givenTo({ ...first, options: { ...first.options, kubelet: {} } });
  return [
    ...check(cluster.versions, ofAll, ['components', 'kubelet'], ours),
    ...cluster.nodes.flatMap(({ options, origin }) => {
      const ofNode: Options = options.kubelet ?? {};
      // All nodes of a group have one origin, and most nodes have nothing of their own.
      const key = canonicalJson(origin);
      if (options.kubelet === cluster.options.kubelet || seen.has(key)) return [];
      seen.add(key);
      const own = {
        configuration: differing(ofNode.configuration ?? {}, ofAll.configuration ?? {}) as Configuration,
        extraArguments: differing(ofNode.extraArguments ?? {}, ofAll.extraArguments ?? {}) as ExtraArguments,
      };
      return check(cluster.versions, own, [...origin, 'components', 'kubelet'], nothing);
    }),
  ];
}

function check(versions: Versions, options: Options, path: Path, whole: Given): Diagnostic[] {
  const { configuration = {}, extraArguments = {} } = options;
  const of = [...path, 'configuration'];
  const found = [
    ...checkConfiguration(versions, 'KubeletConfiguration', configuration, {
      owned: OWNED_FIELDS,
      path: of,
      written: whole.configuration,
    }),
    ...checkExtraArguments(versions, 'kubelet', extraArguments, {
      owned: OWNED_FLAGS,
      ownedFields: OWNED_FIELDS,
      path: [...path, 'extraArguments'],
      inPod: false,
      emitted: whole.flags,
    }),
  ];
  if (configuration['failCgroupV1'] === false && cgroupV1IsRefused(versions)) {
    const text = `Kubernetes ${versions.minor} does not start on cgroup v1 by itself, and failCgroupV1 is false`;
    found.push(diagnostic('settings/cgroup-v1', text, [{ path: [...of, 'failCgroupV1'] }]));
  }
  return found;
}

/** The entries of a map that another one does not have alike. */
function differing(map: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(map).filter(
    ([key, value]) => !Object.hasOwn(other, key) || canonicalJson(value) !== canonicalJson(other[key]),
  );
  return Object.fromEntries(entries);
}
