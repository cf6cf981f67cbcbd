import type { ClusterNode } from '../../cluster/cluster.ts';
import { at, diagnostic, type Checked } from '../../diagnostics/diagnostic.ts';
import type { PackageItem } from '../../nodeplan/items.ts';
import table from './packages.yaml';

interface Names {
  readonly debian: readonly string[];
  /** `image`, or why there is none. */
  readonly flatcar: string;
}

const names = table as Readonly<Record<string, Names>>;

/** Neutral package items → items of this system's own packages; what it cannot have is refused with the reason. */
export function systemPackages(items: readonly PackageItem[], { os, origin }: ClusterNode): Checked<PackageItem[]> {
  const diagnostics = items.flatMap(({ name }) => {
    const { flatcar } = entry(name);
    if (os.name !== 'flatcar' || flatcar === 'image') return [];
    return [diagnostic('plan/not-on-this-system', `Flatcar cannot have ${name}: ${flatcar}`, [at(origin)])];
  });
  const own = os.name === 'debian' ? items.flatMap((item) => entry(item.name).debian) : [];
  return { value: own.map((name) => ({ kind: 'package', name })), diagnostics };
}

function entry(name: string): Names {
  const found = names[name];
  if (found === undefined) throw new Error(`packages.yaml has no ${name}`);
  return found;
}
