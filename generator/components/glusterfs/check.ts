import { counted } from '../../base/counted.ts';
import { didYouMean } from '../../base/suggestions.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { glusterVolume } from '../../cluster/glusterfs.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';

const HERE = ['components', 'glusterfs'];

/** Options without storage, numbers of servers that make no volume, and an arbiter that is none. */
export function checkVolume(cluster: Cluster): Diagnostic[] {
  const options = cluster.options.glusterfs;
  const volume = glusterVolume(cluster);
  if (volume === undefined) {
    if (options === undefined) return [];
    const text = 'components.glusterfs is there, and no node has the role storage';
    return [diagnostic('glusterfs/unused', text, [{ path: HERE, onKey: true }])];
  }
  const { data, clients } = volume;
  const names = cluster.nodes.map(({ name }) => name);
  const place = [...HERE, 'arbiter'];
  const arbiter = options?.arbiter;
  const found: Diagnostic[] = [];
  if (arbiter !== undefined && !names.includes(arbiter))
    found.push(
      diagnostic('glusterfs/arbiter', `there is no node ${arbiter}.${didYouMean(arbiter, names)}`, [at(place)]),
    );
  const other = data.find(({ name }) => name === arbiter);
  if (other !== undefined)
    found.push(
      diagnostic('glusterfs/arbiter', `${other.name} has the data itself`, [at(place), at([...other.origin, 'roles'])]),
    );
  if (data.length > 3 || data.length < 2 || (data.length === 3 && arbiter !== undefined)) {
    const text = `${counted(data.length, 'node')} of role storage${arbiter === undefined ? '' : ' and an arbiter'}: no volume that Triskel makes`;
    found.push(
      diagnostic(
        'glusterfs/servers',
        text,
        data.slice(0, 1).map(({ origin }) => at([...origin, 'roles'])),
      ),
    );
  }
  const [first] = data;
  if (first?.addresses[0].family === 'ipv6') {
    const text = 'the nodes’ first addresses are IPv6, which bricks cannot be named by';
    found.push(diagnostic('glusterfs/servers', text, [at(['network', 'nodes']), at([...first.origin, 'roles'])]));
  }
  const twice = (options?.persistentVolumes ?? []).findIndex(
    ({ name }, index, all) => all.findIndex((one) => one.name === name) < index,
  );
  if (twice >= 0) {
    const text = 'two PersistentVolumes have one name';
    found.push(diagnostic('glusterfs/persistent-volumes', text, [at([...HERE, 'persistentVolumes', twice, 'name'])]));
  }
  if (options?.persistentVolumes !== undefined && clients.length === 0) {
    const text = 'no node has the role worker, so that nobody mounts the volume';
    found.push(
      diagnostic('glusterfs/persistent-volumes', text, [{ path: [...HERE, 'persistentVolumes'], onKey: true }]),
    );
  }
  return found;
}
