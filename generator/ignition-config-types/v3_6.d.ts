/**
 * Ignition config specification 3.6.0: 3.5.0, special permission bits that work, and Clevis pins of any name (Ignition's
 * docs/configuration-v3_6.md).
 */
import type * as v3_5 from './v3_5.js';

export type {
  Cex,
  Directory,
  Disk,
  File,
  Filesystem,
  KernelArguments,
  Link,
  Node,
  Owner,
  Partition,
  Passwd,
  PasswdGroup,
  PasswdUser,
  Raid,
  RequiredResource,
  Resource,
  Systemd,
  Tang,
  Unit,
} from './v3_5.js';

export interface Config extends Omit<v3_5.Config, 'ignition' | 'storage'> {
  readonly ignition: Ignition;
  readonly storage?: Storage;
}

export interface Ignition extends Omit<v3_5.Ignition, 'version'> {
  readonly version: '3.6.0';
}

export interface Storage extends Omit<v3_5.Storage, 'luks'> {
  readonly luks?: readonly Luks[];
}

export interface Luks extends Omit<v3_5.Luks, 'clevis'> {
  readonly clevis?: Clevis;
}

export interface Clevis extends Omit<v3_5.Clevis, 'custom'> {
  /** Excludes all others. */
  readonly custom?: Omit<NonNullable<v3_5.Clevis['custom']>, 'pin'> & { readonly pin: string };
}
