import type { Cluster } from '../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';

/** Add-ons that are reached at a port of every node, and the ports that they have without a word of the blueprint. */
const USUAL = { prometheus: 30_090, grafana: 30_300 } as const;

/** The port of an add-on that the cluster has. */
export function nodePortOf({ options }: Cluster, name: keyof typeof USUAL): number | undefined {
  const given = options[name];
  return given === undefined ? undefined : (given.nodePort ?? USUAL[name]);
}

/** A port outside the API server's range, which would refuse the service, or that of another add-on. */
export function checkNodePort(cluster: Cluster, name: keyof typeof USUAL): Diagnostic[] {
  const port = nodePortOf(cluster, name);
  if (port === undefined) return [];
  const place = at(['components', name]);
  const { first, last } = cluster.network.nodePorts;
  if (port < first || port > last) {
    const text = `${name} is to have the node port ${String(port)}, and network.nodePorts is ${String(first)}-${String(last)}`;
    return [diagnostic('cluster/node-port', text, [place])];
  }
  const other = (Object.keys(USUAL) as (keyof typeof USUAL)[]).find(
    (each) => each < name && nodePortOf(cluster, each) === port,
  );
  if (other === undefined) return [];
  const text = `${name} and ${other} are both to have the node port ${String(port)}`;
  return [diagnostic('cluster/node-port', text, [place, at(['components', other])])];
}
