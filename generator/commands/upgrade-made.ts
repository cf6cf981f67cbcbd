import { join } from 'node:path';
import { rulesOf, type VersionRules } from '../cluster/upgrades.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { readInFolder } from '../host/folder.ts';
import { MANIFEST, pathsOf, versionsIn } from '../output/manifest.ts';
import { programsOf } from '../output/programs.ts';
import { treeOf, type Tree } from '../output/tree.ts';
import type { Programs } from '../upgrade/plan.ts';
import type { Release } from '../upgrade/route.ts';
import type { Ready } from './generation.ts';

/** What the nodes were made from, as far as is known: the output folder, or else what the blueprint generates today. */
export interface Made {
  readonly cluster: string;
  /** Read when it is asked for: a large cluster's is tens of thousands of files. */
  readonly tree: () => Tree;
  readonly programs: Programs;
  readonly release: Release;
  readonly rules: VersionRules;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the output of the last `generate`. */
export function madeFrom(compilation: Ready, outputFolder: string): Made {
  const { cluster } = compilation;
  const today = treeOf(compilation);
  const root = join(outputFolder, cluster.name);
  const text = readInFolder(root, MANIFEST).value;
  const programs = text === undefined ? undefined : versionsIn(text);
  const paths = text === undefined ? undefined : pathsOf(text);
  if (programs === undefined || paths === undefined) {
    const { kubernetes, etcd } = cluster.versions;
    const file = join(root, MANIFEST);
    return {
      cluster: cluster.name,
      tree: () => today,
      programs: Object.fromEntries(programsOf(cluster).map(({ program, version }) => [program, version])),
      release: { kubernetes, etcd },
      rules: rulesOf(cluster),
      diagnostics: [diagnostic('upgrade/no-output', `there is no ${file} that says what the nodes were made from`)],
    };
  }
  const files = [...paths].filter((path) => path.startsWith('nodes/')).sort();
  const release = {
    kubernetes: programs['Kubernetes'] ?? cluster.versions.kubernetes,
    etcd: programs['etcd'] ?? cluster.versions.etcd,
  };
  // A blueprint whose version was changed by hand differs anyway.
  const isStale = release.kubernetes === cluster.versions.kubernetes && text !== today.get(MANIFEST);
  const stale = diagnostic('upgrade/stale-output', `${root} is not what the blueprint generates today`, [
    { file: root },
  ]);
  return {
    cluster: cluster.name,
    tree: () => new Map(files.map((path) => [path, readInFolder(root, path).value ?? ''])),
    programs,
    release,
    rules: rulesOf(cluster),
    diagnostics: isStale ? [stale] : [],
  };
}
