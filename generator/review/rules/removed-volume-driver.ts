import { at } from '../../diagnostics/diagnostic.ts';
import { isMap, mapsBelow } from '../manifest-pods.ts';
import type { Rule } from '../rule.ts';
import page from './removed-volume-driver.md';

/**
 * Fields of volumes whose driver has left Kubernetes and has no successor that takes the same field over (release notes: "Removed
 * in-tree …"). Those that CSI drivers take over, as cinder, are no mistake where the driver is installed.
 */
const REMOVED = [
  { field: 'scaleIO', name: 'scaleio', gone: '1.22' },
  { field: 'flocker', name: 'flocker', gone: '1.25' },
  { field: 'quobyte', name: 'quobyte', gone: '1.25' },
  { field: 'storageos', name: 'storageos', gone: '1.25' },
  { field: 'glusterfs', name: 'glusterfs', gone: '1.26' },
  { field: 'cephfs', name: 'cephfs', gone: '1.31' },
  { field: 'rbd', name: 'rbd', gone: '1.31' },
] as const;

/** Storage drivers that were built into Kubernetes are gone; what names them waits for ever. */
export const removedVolumeDriver: Rule = {
  code: 'review/removed-volume-driver',
  page,
  find: (cluster) =>
    mapsBelow(cluster).flatMap(({ what, fields, origin }) => {
      const drivers = REMOVED.filter(
        ({ field, name }) => isMap(fields[field]) || fields['provisioner'] === `kubernetes.io/${name}`,
      );
      return drivers.map(({ name, gone }) => ({
        message: `${what} uses the driver ${name} of Kubernetes itself, which is gone since ${gone}`,
        places: [at(origin)],
      }));
    }),
};
