import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { sha256 } from '../../base/digests.ts';
import { groupBy, sortedBy } from '../../base/order.ts';
import {
  isControlPlane,
  isEtcdMember,
  localApiServerUrl,
  type Cluster,
  type ClusterNode,
} from '../../cluster/cluster.ts';
import type { Restart } from '../../nodeplan/items.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';
import { fillHoles, findHoles, type Hole } from '../../secrets/holes.ts';
import { CLUSTER_CA } from '../node-paths.ts';
import { nodeText } from './certificate-renewal.ts';

/** Raised whenever apply-renewal.sh must read bundles differently: nodes keep the script that they were born with. */
const BUNDLE_FORMAT = 1;

/** One file of a bundle. */
export interface BundleFile {
  readonly name: string;
  readonly mode: number;
  readonly content: string;
}

/** What `secrets renew` brings to one node; `open` are holes that nothing filled: such a bundle must not be written. */
export interface Bundle {
  readonly files: readonly BundleFile[];
  readonly open: readonly Hole[];
}

/** Etcd members first, then the other control-plane nodes, each alone; then all others, in any number at a time. */
export function renewalOrder(cluster: Cluster): ClusterNode[] {
  const rank = (node: ClusterNode): number => (isEtcdMember(cluster, node) ? 0 : isControlPlane(node) ? 1 : 2);
  return [0, 1, 2].flatMap((wanted) => cluster.nodes.filter((node) => rank(node) === wanted));
}

/**
 * The bundle of one node: exactly those files of its adapted plan that hold holes, filled, and who reads them; `next` is
 * the node whose bundle comes after it. The layout is that which apply-renewal.sh reads.
 */
export function renewalBundle(
  cluster: Cluster,
  plan: NodePlan,
  next: ClusterNode | undefined,
  fill: (hole: Hole) => string | undefined,
): Bundle {
  const { node } = plan;
  const open: Hole[] = [];
  const items = plan.files.filter(({ content }) => findHoles(content).length > 0);
  const content = items.map((item) => ({
    name: `content${item.path}`,
    mode: item.mode,
    content: fillHoles(item.content, fill, (hole) => open.push(hole)),
  }));
  const about = [
    `format ${String(BUNDLE_FORMAT)}\n${nodeText(cluster.name, node.name)}`,
    next === undefined ? '' : `next ${next.name}\n`,
    isControlPlane(node) ? `ready ${localApiServerUrl(cluster, node)}/readyz\nca ${CLUSTER_CA}\n` : '',
  ].join('');
  const checksums = content.map((file) => `${sha256(file.content)}  .${file.name.slice('content'.length)}\n`);
  const modes = items.map(({ mode, path }) => `${mode.toString(8).padStart(4, '0')} ${path}\n`);
  const table = (name: string, text: string): BundleFile => ({ name, mode: 0o600, content: text });
  return {
    open,
    files: [
      table('about', about),
      table('files', modes.join('')),
      table('checksums', checksums.join('')),
      table('restarts', restartLines(items).join('')),
      ...content,
    ],
  };
}

/** As a gzipped tar archive: the same files give the same bytes. */
export async function bundleArchive({ files }: Bundle): Promise<Uint8Array> {
  const archive = pack();
  for (const { name, mode, content } of files) archive.entry({ name, mode, mtime: new Date(0) }, content);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks), { level: 9 });
}

/** "<kind> <name> <path>…", in the order of restarting. */
function restartLines(items: readonly { path: string; restarts?: readonly Restart[] }[]): string[] {
  const readers = items.flatMap(({ path, restarts = [] }) => restarts.map((restart) => ({ restart, path })));
  const byReader = groupBy(readers, ({ restart: { kind, name } }) => `${kind} ${name}`);
  const lines = [...byReader].map(([reader, found]) => ({
    rank: rankOf(found[0]?.restart as Restart),
    line: `${[reader, ...found.map(({ path }) => path)].join(' ')}\n`,
  }));
  return sortedBy(lines, ({ rank, line }) => `${String(rank)} ${line}`).map(({ line }) => line);
}

/** What others wait for comes first; the kubelet last, for it starts the containers of all before it. */
function rankOf({ kind, name }: Restart): number {
  if (name === 'kubelet.service') return 6;
  const program = { etcd: 0, 'kube-apiserver': 1, 'kube-controller-manager': 2, 'kube-scheduler': 2 }[
    name.replace(/\.service$/, '')
  ];
  return { 'static-pod': program ?? 3, container: 4, unit: program ?? 5 }[kind];
}
