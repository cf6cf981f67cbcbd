import type { PlanItem } from '../nodeplan/items.ts';
import type { Platform } from './platform.ts';
import { ignitionSystem } from './shared/ignition-system.ts';

/**
 * The containerd and docker of the image are system extensions; a link to nowhere in their place switches one off
 * (flatcar.org, "Using systemd-sysext"). Kubernetes needs a containerd of a version that is known.
 */
const SHIPPED_EXTENSIONS: readonly PlanItem[] = ['containerd-flatcar', 'docker-flatcar'].map((name) => ({
  kind: 'link',
  path: `/etc/extensions/${name}.raw`,
  target: '/dev/null',
}));

/**
 * Flatcar Container Linux: no package manager, /usr read-only. Reboots are the operator's: update-engine goes on to stage
 * updates, which the next reboot takes.
 */
export const flatcar: Platform = {
  adapt: (plan, cluster) => ignitionSystem(plan, cluster, SHIPPED_EXTENSIONS),
};
