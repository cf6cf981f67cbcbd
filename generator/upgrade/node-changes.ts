import { groupBy } from '../base/order.ts';
import { changesOf } from '../output/changes.ts';

/** What becomes another file on a node; paths are those on the node. Sorted. */
export interface FileChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Nodes on which the same files change. */
export interface ChangedNodes extends FileChanges {
  readonly nodes: readonly string[];
}

type Texts = ReadonlyMap<string, string>;

/** Of two trees of one cluster, the nodes that differ, those that differ alike together. `nodes`: in this order. */
export function nodeChanges(before: Texts, after: Texts, nodes: readonly string[]): ChangedNodes[] {
  const [old, wanted] = [byNode(before), byNode(after)];
  const changes = nodes.flatMap((node) => {
    const texts = wanted.get(node) ?? new Map<string, string>();
    const there = old.get(node) ?? new Map<string, string>();
    const kinds = new Map([...there.keys()].map((path) => [path, 'file'] as const));
    const { missing, changed, remove } = changesOf(
      texts.keys(),
      kinds,
      () => true,
      (path) => there.get(path) === texts.get(path),
    );
    // The rendered config holds all of the files, and what is no file: packages, users, kernel modules.
    const files = { added: onNode(missing), changed: onNode(changed), removed: onNode(remove) };
    return missing.length + changed.length + remove.length > 0 ? [{ node, files }] : [];
  });
  const groups = groupBy(changes, ({ files }) => JSON.stringify(files));
  return [...groups.values()].flatMap((members) =>
    members.slice(0, 1).map(({ files }) => ({ nodes: members.map(({ node }) => node), ...files })),
  );
}

/** `nodes/<node>/<path>` of a tree: text by path, by node. */
function byNode(tree: Texts): Map<string, Map<string, string>> {
  const nodes = new Map<string, Map<string, string>>();
  for (const [path, text] of tree) {
    const [folder, node, ...rest] = path.split('/');
    if (folder !== 'nodes' || node === undefined) continue;
    const texts = nodes.get(node) ?? new Map<string, string>();
    nodes.set(node, texts.set(rest.join('/'), text));
  }
  return nodes;
}

function onNode(paths: readonly string[]): string[] {
  return paths.flatMap((path) => (path.startsWith('files/') ? [path.slice('files'.length)] : []));
}
