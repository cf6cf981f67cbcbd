import { didYouMean } from '../../base/suggestions.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { corosyncMembers, MAX_NODE_ID, pacemakerVirtualIp } from '../../cluster/corosync.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';

const HERE = ['components', 'corosync'];

/** Names that are none, node IDs that are shared, and a quorum device on a member. */
export function checkMembers(cluster: Cluster): Diagnostic[] {
  const options = cluster.options.corosync;
  const holders = pacemakerVirtualIp(cluster)?.holders;
  if (holders === undefined) {
    if (options === undefined) return [];
    const text = `components.corosync is there, and endpoint.type is ${cluster.endpoint.type}`;
    return [diagnostic('corosync/unused', text, [{ path: HERE, onKey: true }])];
  }
  const names = cluster.nodes.map(({ name }) => name);
  const unknown = (name: string, place: Parameters<typeof at>[0]): Diagnostic[] => {
    if (names.includes(name)) return [];
    return [diagnostic('corosync/unknown-node', `there is no node ${name}.${didYouMean(name, names)}`, [at(place)])];
  };
  const breakers = options?.tieBreakers ?? [];
  return [
    ...breakers.flatMap((name, index) => {
      const place = [...HERE, 'tieBreakers', index];
      const holder = holders.find((node) => node.name === name);
      if (holder === undefined) return unknown(name, place);
      const text = `${name} may hold the virtual IP, and is to run no resource`;
      return [diagnostic('corosync/tie-breaker', text, [at(place), at(holder.origin, 'a holder')])];
    }),
    ...Object.keys(options?.nodeIds ?? {}).flatMap((name) => unknown(name, [...HERE, 'nodeIds', name])),
    ...sharedIds(cluster),
    ...qnetdOnMember(cluster),
  ];
}

function sharedIds(cluster: Cluster): Diagnostic[] {
  const members = corosyncMembers(cluster);
  return members.flatMap(({ node, id }, index) => {
    const other = members[index - 1];
    const places = [at(node.origin), ...(other === undefined ? [] : [at(other.node.origin)])];
    if (id < 1 || id > MAX_NODE_ID) {
      const text = `the place of ${node.name}’s address in its network is no node ID for corosync`;
      return [diagnostic('corosync/node-id', text, places.slice(0, 1))];
    }
    if (other?.id !== id) return [];
    const text = `${other.node.name} and ${node.name} have the same node ID for corosync, ${String(id)}`;
    return [diagnostic('corosync/node-id', text, places)];
  });
}

function qnetdOnMember(cluster: Cluster): Diagnostic[] {
  const host = cluster.options.corosync?.qdevice?.host;
  const member = corosyncMembers(cluster).find(
    ({ node }) => node.name === host || node.addresses.some(({ text }) => text === host),
  );
  if (member === undefined) return [];
  const text = `the quorum device’s host ${member.node.name} is a member itself, whose vote goes when it goes`;
  return [diagnostic('corosync/qdevice', text, [at([...HERE, 'qdevice', 'host']), at(member.node.origin)])];
}
