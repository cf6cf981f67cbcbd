/** Ignition config specification 3.4.0: 3.3.0, and more of LUKS and Tang (Ignition's docs/configuration-v3_4.md). */
import type * as v3_3 from './v3_3.js';

export type {
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
  Unit,
} from './v3_3.js';

export interface Config extends Omit<v3_3.Config, 'ignition' | 'storage'> {
  readonly ignition: Ignition;
  readonly storage?: Storage;
}

export interface Ignition extends Omit<v3_3.Ignition, 'version'> {
  readonly version: '3.4.0';
}

export interface Storage extends Omit<v3_3.Storage, 'luks'> {
  readonly luks?: readonly Luks[];
}

export interface Luks extends Omit<v3_3.Luks, 'clevis'> {
  readonly clevis?: Clevis;
  /** The device is told of blocks that are freed, which shows where there is data. */
  readonly discard?: boolean;
  /** Options of cryptsetup's luksOpen. */
  readonly openOptions?: readonly string[];
}

export interface Clevis extends Omit<v3_3.Clevis, 'tang'> {
  readonly tang?: readonly Tang[];
}

export interface Tang extends v3_3.Tang {
  /** JSON, as the server's /adv gives it; without it, the server is asked. */
  readonly advertisement?: string;
}
