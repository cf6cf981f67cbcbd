import type { OperatingSystem } from '../cluster/cluster.ts';
import { debian } from './debian.ts';
import { flatcar } from './flatcar.ts';
import type { Platform } from './platform.ts';

const platforms: Readonly<Record<OperatingSystem['name'], Platform>> = { debian, flatcar };

/** What a node's operating system changes of its plan. */
export function platformOf(os: OperatingSystem): Platform {
  return platforms[os.name];
}
