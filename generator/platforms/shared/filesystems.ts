import { unitNameOfPath } from '../../base/systemd.ts';
import type { FilesystemItem, PlanItem } from '../../nodeplan/items.ts';
import mount from './filesystem.mount.ejs';
import makerUnit from './make-filesystem.service.ejs';
import makerScript from './make-filesystem.sh';

/**
 * A mount unit, which no first-boot program writes by itself: Ignition's `path` mounts while Ignition runs, and no
 * longer. `maker` is the unit that makes the filesystem, where the first-boot program does not.
 */
export function mountUnit({ device, path, format }: FilesystemItem, maker = ''): PlanItem {
  const name = unitNameOfPath(path, 'mount');
  const content = mount({ device: unitText(device), path: unitText(path), format, maker });
  return { kind: 'unit', name, enabled: true, content };
}

/** Filesystems as units alone: one makes it on a device that is empty, one mounts it. */
export function filesystemUnits(filesystems: readonly FilesystemItem[]): PlanItem[] {
  const units = filesystems.flatMap((item): PlanItem[] => {
    const name = `triskel-make-${unitNameOfPath(item.path, 'mount').replace(/mount$/, 'service')}`;
    const content = makerUnit({ device: unitText(item.device), label: unitText(item.label) });
    return [{ kind: 'unit', name, enabled: false, content }, mountUnit(item, name)];
  });
  if (units.length === 0) return [];
  return [
    { kind: 'file', path: '/opt/triskel/make-filesystem', mode: 0o755, content: makerScript },
    { kind: 'package', name: 'e2fsprogs' },
    ...units,
  ];
}

/** systemd replaces what stands behind a per cent sign (systemd.unit(5), "Specifiers"). */
function unitText(text: string): string {
  return text.replaceAll('%', '%%');
}
