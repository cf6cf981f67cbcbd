/** Ignition config specification 3.5.0: 3.4.0, and LUKS with IBM's CEX cards (Ignition's docs/configuration-v3_5.md). */
import type * as v3_4 from './v3_4.js';

export type {
  Clevis,
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
} from './v3_4.js';

export interface Config extends Omit<v3_4.Config, 'ignition' | 'storage'> {
  readonly ignition: Ignition;
  readonly storage?: Storage;
}

export interface Ignition extends Omit<v3_4.Ignition, 'version'> {
  readonly version: '3.5.0';
}

export interface Storage extends Omit<v3_4.Storage, 'luks'> {
  readonly luks?: readonly Luks[];
}

export interface Luks extends v3_4.Luks {
  /** Without `clevis` and `keyFile`. */
  readonly cex?: Cex;
}

export interface Cex {
  readonly enabled?: boolean;
}
