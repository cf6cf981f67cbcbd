import type { ClusterNode } from '../cluster/cluster.ts';
import type { FileItem, PlanItem } from '../nodeplan/items.ts';
import { TRISKEL } from './node-paths.ts';
import script from './node-interface.ejs';
import unit from './node-interface.service.ejs';

/** What stands for the name of the node's interface where only the node can know it. */
const PLACEHOLDER = '@INTERFACE@';
/** Files with the placeholder, below it as they lie below the root. */
const WITHHELD = '/etc/triskel/with-interface';
/** Puts the interface's name into them, before whoever reads them starts. */
export const INTERFACE_UNIT = 'triskel-interface.service';

/** The interface that has the node's addresses, or what stands for it. */
export function interfaceOf(node: ClusterNode): string {
  return node.interface ?? PLACEHOLDER;
}

/**
 * A file that names the node's interface: as it is where the blueprint knows it; else withheld, with what looks for the
 * interface at every boot by the node's address, and writes the file then.
 */
export function interfaceFile(node: ClusterNode, file: FileItem): PlanItem[] {
  if (node.interface !== undefined) return [file];
  const path = `${TRISKEL}/node-interface`;
  const [{ text: address }] = node.addresses;
  return [
    { ...file, path: `${WITHHELD}${file.path}` },
    {
      kind: 'file',
      path,
      mode: 0o755,
      content: script({ address, withheld: WITHHELD, placeholder: PLACEHOLDER }),
    },
    { kind: 'unit', name: INTERFACE_UNIT, enabled: true, content: unit({ script: path }) },
  ];
}
