import { didYouMean } from '../../base/suggestions.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { corosyncMembers, pacemakerVirtualIp } from '../../cluster/corosync.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { devicesOf } from './fencing.ts';

/** What fence agents call what nobody may read; a script that prints it is none (fence_ipmilan(8) and its like). */
const SECRET = /^(?!.*_script$).*(passw|secret|token)/;

const HERE = ['components', 'pacemaker'];

/** Options without Pacemaker, a cluster that says nothing of fencing, and devices that fit no member. */
export function checkPacemaker(cluster: Cluster): Diagnostic[] {
  const options = cluster.options.pacemaker;
  if (pacemakerVirtualIp(cluster) === undefined) {
    if (options === undefined) return [];
    const text = `components.pacemaker is there, and endpoint.type is ${cluster.endpoint.type}`;
    return [diagnostic('pacemaker/unused', text, [{ path: HERE, onKey: true }])];
  }
  if (options?.fencing === undefined) {
    const text = 'components.pacemaker.fencing names no devices and does not say that there are none';
    return [diagnostic('pacemaker/fencing-unsaid', text, [at(['endpoint', 'type'])])];
  }
  const names = corosyncMembers(cluster).map(({ node }) => node.name);
  const taken = new Map<string, number>();
  return devicesOf(cluster).flatMap(({ name, nodes, parameters = {}, secrets = [] }, index) => {
    const place = [...HERE, 'fencing', index];
    const other = taken.get(name);
    taken.set(name, index);
    const twice = secrets.filter((key) => Object.hasOwn(parameters, key));
    const open = Object.keys(parameters).filter((key) => SECRET.test(key) && !twice.includes(key));
    return [
      ...(other === undefined
        ? []
        : [
            diagnostic('pacemaker/fencing-device', `two fencing devices are called ${name}`, [
              at([...place, 'name']),
              at([...HERE, 'fencing', other, 'name']),
            ]),
          ]),
      ...nodes.flatMap((node, position) => {
        if (names.includes(node)) return [];
        const text = `${name} fences ${node}, which is no member of the cluster.${didYouMean(node, names)}`;
        return [diagnostic('pacemaker/fencing-device', text, [at([...place, 'nodes', position])])];
      }),
      ...twice.map((key) => {
        const text = `${key} of ${name} is both a secret and written in the blueprint`;
        return diagnostic('pacemaker/fencing-device', text, [{ path: [...place, 'parameters', key], onKey: true }]);
      }),
      ...open.map((key) => {
        const text = `${key} of ${name} would stand in the blueprint and in output/ for everybody to read`;
        const places = [{ path: [...place, 'parameters', key], onKey: true }];
        return diagnostic('pacemaker/fencing-device', text, places, 'List it under the device’s secrets.');
      }),
    ];
  });
}
