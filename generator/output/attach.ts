import type { RenderedNode } from './rendered-node.ts';

/**
 * How to hand payloads to machines, for the formats that occur. Sources: flatcar.org, "Migrating from CoreOS Container
 * Linux" (QEMU's fw_cfg name, ignition.config.url); cloud-init's documentation of the NoCloud data source.
 */
export function attachLines(nodes: readonly RenderedNode[]): string[] {
  const formats = [...new Set(nodes.map(({ renderer }) => renderer.format))].sort();
  return formats.flatMap((format) => {
    const example = nodes.find(({ renderer }) => renderer.format === format);
    if (example === undefined) return [];
    const file = `boot/${example.node.name}${example.renderer.sealedSuffix}`;
    const cloud = `- on a cloud: \`openstack server create --user-data ${file} … ${example.node.name}\`, or whatever takes user data`;
    return [cloud, ...OTHERWISE[format].map((line) => `- ${line.replaceAll('FILE', file)}`)];
  });
}

const OTHERWISE: Readonly<Record<RenderedNode['renderer']['format'], readonly string[]>> = {
  ignition: [
    'on QEMU or libvirt: `-fw_cfg name=opt/org.flatcar-linux/config,file=FILE`',
    'by PXE: serve it where only that machine can read it, and boot with `flatcar.first_boot=1 ignition.config.url=<its URL>`',
    'on bare metal: `flatcar-install -d <disk> -i FILE`',
  ],
  'cloud-init': [
    'on QEMU, libvirt or bare metal: as a drive that `triskel iso` makes (`boot/<node>.iso`), or as `user-data` on any other volume labelled `cidata`, beside a `meta-data` file with an `instance-id`',
  ],
};
