import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { Cluster } from '../cluster/cluster.ts';

/** What a blueprint says of an add-on's storage. */
export interface Storage {
  readonly kind?: 'claim' | 'none';
  readonly size?: string;
  readonly class?: string;
}

/** The claim that an add-on's data lie on; undefined: they go with the pod. k3s' local-path is a default class, elsewhere none is known. */
export function storageClaim(
  cluster: Cluster,
  { kind, size, class: storageClass }: Storage = {},
  usualSize: string,
): NonNullable<IPersistentVolumeClaim['spec']> | undefined {
  const disabled = (cluster.options.k3s?.server as { disable?: unknown } | undefined)?.disable;
  const brings =
    cluster.controlPlane.runs === 'k3s' && !(Array.isArray(disabled) && disabled.includes('local-storage'));
  const usual = brings || size !== undefined || storageClass !== undefined ? 'claim' : 'none';
  if ((kind ?? usual) === 'none') return undefined;
  return {
    accessModes: ['ReadWriteOnce'],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage: size ?? usualSize } },
  };
}
