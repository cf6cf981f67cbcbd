import { sha256 } from '../base/digests.ts';
import { memo } from '../base/memo.ts';
import { byCodeUnit } from '../base/order.ts';
import { toYaml } from '../base/yaml.ts';
import { cloudText } from '../clouds/openstack/cloud-file.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { AddonSet } from '../components/addons/set.ts';
import { pkiOf } from '../secrets/pki.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import { MANIFEST, manifestText, type FileEntry } from './manifest.ts';
import { readmeText } from './readme.ts';
import type { RenderedNode } from './rendered-node.ts';
import { unpackedFiles } from './unpacked-files.ts';

/** All that the reviewed tree of one cluster is made of. */
export interface TreeInput {
  readonly cluster: Cluster;
  readonly secrets: SecretsSpec;
  readonly addons: AddonSet;
  readonly nodes: readonly RenderedNode[];
}

/** The reviewed tree: content by path below output/<cluster>/, sorted, the manifest last. */
export type Tree = ReadonlyMap<string, string>;

/** The folder of payloads, which is no part of the reviewed tree. */
export const BOOT = 'boot';

export function treeOf(input: TreeInput): Tree {
  const files = new Map<string, string>([
    ['README.md', readmeText(input)],
    ['pki.yaml', toYaml(pkiOf(input.secrets))],
  ]);
  const plans = input.nodes.map(({ plan }) => plan);
  const cloud = cloudText(input.cluster, plans);
  if (cloud !== undefined) files.set('cloud.yaml', cloud);
  for (const { node, plan, renderer, reviewed, pointer } of input.nodes) {
    const folder = `nodes/${node.name}`;
    files.set(`${folder}/${renderer.reviewedName(node)}`, reviewed);
    if (pointer !== undefined) files.set(`${folder}/${renderer.pointerName}`, pointer);
    for (const { path, content } of unpackedFiles(plan)) {
      const name = `${folder}/files${path}`;
      if (!isPlain(path) || files.has(name)) throw new Error(`${node.name} has no place for the file ${path}`);
      files.set(name, content);
    }
  }
  const sorted = [...files].sort(([a], [b]) => byCodeUnit(a, b));
  const entries = sorted.map(([path, content]): [string, FileEntry] => [path, entryOf(content)]);
  return new Map([...sorted, [MANIFEST, manifestText(input, entries)]]);
}

const entryOf = memo((content: string): FileEntry => ({ sha256: sha256(content), size: Buffer.byteLength(content) }));

/** An absolute path that leads nowhere else: no empty steps, no `.` and no `..`. */
function isPlain(path: string): boolean {
  const [root, ...steps] = path.split('/');
  return root === '' && steps.every((step) => step !== '' && step !== '.' && step !== '..');
}
