import { groupBy, sortedBy } from '../base/order.ts';
import type { OperatingSystem } from '../cluster/cluster.ts';
import { systemFacts } from '../cluster/systems.ts';
import type { RenderedNode } from './rendered-node.ts';

/**
 * How to hand payloads to machines, for the systems that occur. Sources: flatcar.org, "Migrating from CoreOS Container
 * Linux" (QEMU's fw_cfg name, ignition.config.url); docs.fedoraproject.org, Fedora CoreOS, "Provisioning on QEMU", "Bare Metal"
 * and "Live ISO/PXE"; cloud-init's documentation of the NoCloud data source.
 */
export function attachLines(nodes: readonly RenderedNode[]): string[] {
  const ways = sortedBy([...groupBy(nodes, wayOf)], ([way]) => way);
  return ways.flatMap(([way, [example]]) => {
    if (example === undefined) return [];
    const file = `boot/${example.node.name}${example.renderer.sealedSuffix}`;
    const lines = [
      `on a cloud: \`openstack server create --user-data FILE … ${example.node.name}\`, or whatever takes user data`,
      ...OTHERWISE[way],
    ];
    const which = ways.length > 1 ? `${titleOf(way)}, ` : '';
    return lines.map((line) => `- ${which}${line.replaceAll('FILE', file)}`);
  });
}

type Way = 'cloud-init' | Extract<OperatingSystem['name'], 'flatcar' | 'fedora-coreos'>;

function wayOf({ node }: RenderedNode): Way {
  const { name } = node.os;
  return name === 'flatcar' || name === 'fedora-coreos' ? name : 'cloud-init';
}

function titleOf(way: Way): string {
  return way === 'cloud-init' ? way : systemFacts[way].title;
}

const OTHERWISE: Readonly<Record<Way, readonly string[]>> = {
  flatcar: [
    'on QEMU or libvirt: `-fw_cfg name=opt/org.flatcar-linux/config,file=FILE`',
    'by PXE: serve it where only that machine can read it, and boot with `flatcar.first_boot=1 ignition.config.url=<its URL>`',
    'on bare metal: `flatcar-install -d <disk> -i FILE`',
  ],
  'fedora-coreos': [
    'on QEMU or libvirt: `-fw_cfg name=opt/com.coreos/config,file=FILE`',
    'by PXE: serve it where only that machine can read it, and boot with `ignition.firstboot ignition.platform.id=metal ignition.config.url=<its URL>`',
    'on bare metal: `coreos-installer install <disk> --ignition-file FILE`',
  ],
  'cloud-init': [
    'on QEMU, libvirt or bare metal: as a drive that `triskel iso` makes (`boot/<node>.iso`), or as `user-data` on any other volume labelled `cidata`, beside a `meta-data` file with an `instance-id`',
  ],
};
