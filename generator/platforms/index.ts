import type { OperatingSystem } from '../cluster/cluster.ts';
import { cloudImages } from './cloud-images.ts';
import { fedoraCoreos } from './fedora-coreos.ts';
import { flatcar } from './flatcar.ts';
import type { Platform } from './platform.ts';

const platforms: Readonly<Record<OperatingSystem['name'], Platform>> = {
  debian: cloudImages,
  'fedora-coreos': fedoraCoreos,
  flatcar,
  rocky: cloudImages,
  ubuntu: cloudImages,
};

/** What a node's operating system changes of its plan. */
export function platformOf(os: OperatingSystem): Platform {
  return platforms[os.name];
}
