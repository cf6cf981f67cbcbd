import { hostPort } from '../base/networks.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { at, diagnostic, type Checked } from '../diagnostics/diagnostic.ts';

/** The mark by which the guard knows a member that was re-made on purpose (components/etcd). */
const MARK = '/etc/triskel/etcd-replacement';
/** The etcdctl of a node, which brings address and certificates along. */
const ETCDCTL = '/opt/bin/etcdctl';

/** etcd's data folder (components/etcd). */
const DATA = '/var/lib/etcd/data';

/** One step: a shell line that root runs on a node, and what it is for. */
export interface ReplacementStep {
  readonly on: string;
  readonly does: string;
  readonly command: string;
}

/**
 * How an etcd member whose data are lost is replaced by one that is empty, on the same node. The old member leaves before the
 * new one comes: four members would need three, of which one is not there yet. The mark comes before the new member is
 * expected, so that the guard never takes it for one that was only late.
 */
export function replacementSteps(cluster: Cluster, node: ClusterNode): Checked<readonly ReplacementStep[]> {
  const refuse = (message: string): Checked<readonly ReplacementStep[]> => ({
    value: undefined,
    diagnostics: [diagnostic('replace/no-member', message, [at(node.origin)])],
  });
  if (cluster.controlPlane.runs === 'k3s') return refuse(`${node.name}: k3s runs etcd within its servers`);
  if (!cluster.etcdNodes.includes(node)) return refuse(`${node.name} is no etcd member`);
  const peer = cluster.etcdNodes.find((member) => member !== node);
  if (peer === undefined) return refuse(`${node.name} is the only etcd member, so that nobody else has its data`);
  const url = `https://${hostPort(node.addresses[0].text, 2380)}`;
  const step = (on: ClusterNode, does: string, command: string): ReplacementStep => ({ on: on.name, does, command });
  const id = `sed -n "s|^\\([0-9a-f]*\\), [a-z]*, [^,]*, ${url}, .*|\\1|p"`;
  const value = [
    step(node, 'it has no data: a member that has some is not replaced', `[ ! -d ${DATA}/member ]`),
    step(peer, 'the other members answer; without a quorum nothing is changed', `${ETCDCTL} endpoint health`),
    step(
      peer,
      'the member whose data are lost leaves',
      `id=$(${ETCDCTL} member list | ${id}); [ -z "$id" ] || ${ETCDCTL} member remove "$id"`,
    ),
    step(node, 'its guard may start it as a new member, and never as a cluster of its own', `touch ${MARK}`),
    step(peer, 'its peers expect it', `${ETCDCTL} member add ${node.name} --peer-urls=${url}`),
    step(
      node,
      'its guard has started it, and it has the data of its peers',
      `until ${ETCDCTL} endpoint health; do sleep 2; done`,
    ),
  ];
  return { value, diagnostics: [] };
}
