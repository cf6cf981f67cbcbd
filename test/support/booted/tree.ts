import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Path → what lies there: kind, mode, owner, and a link's target or a digest of a file's content. */
export type Tree = ReadonlyMap<string, string>;

/**
 * The files and links below a folder. Of an overlay's upper layer that is what was written to it, and `gone` is what was
 * taken out of the layer below.
 */
export function treeOf(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = join(folder, name);
      const stats = lstatSync(join(root, path));
      const owned = `${(stats.mode & 0o7777).toString(8)} ${String(stats.uid)}:${String(stats.gid)}`;
      if (stats.isDirectory()) visit(path);
      else if (stats.isSymbolicLink()) tree.set(path, `link to ${readlinkSync(join(root, path))}`);
      else if (stats.isFile()) tree.set(path, `file ${owned} ${digest(readFileSync(join(root, path)))}`);
      // overlayfs marks what is gone as a device 0/0 (kernel.org, "Overlay Filesystem").
      else tree.set(path, stats.isCharacterDevice() && stats.rdev === 0 ? 'gone' : `other ${owned}`);
    }
  };
  visit('/');
  return tree;
}

/** Paths that differ between two trees, each with what became of it. */
export function differences(before: Tree, after: Tree): Map<string, string> {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return new Map(
    paths
      .filter((path) => before.get(path) !== after.get(path))
      .map((path) => [path, `${before.get(path) ?? 'nothing'} → ${after.get(path) ?? 'nothing'}`]),
  );
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
