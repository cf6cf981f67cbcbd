/**
 * Ignition config specification 3.3.0, as described by Ignition's own docs/configuration-v3_3.md.
 * Keys that are not wanted are left out; null, which Ignition takes for "not given", is not part of these types.
 */
export interface Config {
  readonly ignition: Ignition;
  readonly storage?: Storage;
  readonly systemd?: Systemd;
  readonly passwd?: Passwd;
  readonly kernelArguments?: KernelArguments;
}

export interface Ignition {
  readonly version: '3.3.0';
  readonly config?: {
    /** Configs that are merged into this one, in order. */
    readonly merge?: readonly RequiredResource[];
    /** A config that takes the place of this one. */
    readonly replace?: RequiredResource;
  };
  readonly timeouts?: {
    /** Seconds until the headers of an answer must be there; 0: no limit. Default: 10. */
    readonly httpResponseHeaders?: number;
    /** Seconds for a whole request with all its tries; 0: no limit. Default: 0. */
    readonly httpTotal?: number;
  };
  readonly security?: {
    readonly tls?: {
      /** Trusted beside those of the system. */
      readonly certificateAuthorities?: readonly RequiredResource[];
    };
  };
  readonly proxy?: {
    readonly httpProxy?: string;
    readonly httpsProxy?: string;
    readonly noProxy?: readonly string[];
  };
}

/** Bytes from somewhere: a data, http, https, tftp, s3 or gs URL; since 3.4.0 also the ARN of an object in S3. */
export interface Resource {
  readonly source?: string;
  readonly compression?: '' | 'gzip';
  /** With http and https only. */
  readonly httpHeaders?: readonly { readonly name: string; readonly value?: string }[];
  readonly verification?: {
    /** `sha256-` or `sha512-` and the digest of the bytes after decompression, in lower-case hexadecimal. */
    readonly hash?: string;
  };
}

export interface RequiredResource extends Resource {
  readonly source: string;
}

export interface Storage {
  readonly disks?: readonly Disk[];
  readonly raid?: readonly Raid[];
  readonly luks?: readonly Luks[];
  readonly filesystems?: readonly Filesystem[];
  readonly files?: readonly File[];
  readonly directories?: readonly Directory[];
  readonly links?: readonly Link[];
}

/** A path of the machine, absolute and clean, that stands once among files, directories and links. */
export interface Node {
  readonly path: string;
  /** What is there is deleted first; for a directory, with all that it holds. */
  readonly overwrite?: boolean;
  readonly user?: Owner;
  readonly group?: Owner;
}

/** One of the two. */
export interface Owner {
  readonly id?: number;
  readonly name?: string;
}

export interface File extends Node {
  /** Permission bits as a number: 420 is 0644, which a new file has by default. Setuid, setgid and sticky: since 3.6.0. */
  readonly mode?: number;
  readonly contents?: Resource;
  readonly append?: readonly Resource[];
}

export interface Directory extends Node {
  /** Permission bits as a number: 493 is 0755, which a new directory has by default. Setuid, setgid and sticky: since 3.6.0. */
  readonly mode?: number;
}

export interface Link extends Node {
  readonly target: string;
  readonly hard?: boolean;
}

/** Made unless the device holds one of the same format, label and UUID already; fails when it holds something else. */
export interface Filesystem {
  readonly device: string;
  /** Where it is mounted while Ignition writes files. No mount unit follows from it. */
  readonly path?: string;
  readonly format?: 'ext4' | 'btrfs' | 'xfs' | 'vfat' | 'swap' | 'none';
  readonly label?: string;
  readonly uuid?: string;
  /** Options of mkfs. */
  readonly options?: readonly string[];
  readonly mountOptions?: readonly string[];
  readonly wipeFilesystem?: boolean;
}

export interface Disk {
  readonly device: string;
  readonly wipeTable?: boolean;
  readonly partitions?: readonly Partition[];
}

/** Named by number, or by label when the number is 0 or left out. */
export interface Partition {
  readonly number?: number;
  readonly label?: string;
  readonly sizeMiB?: number;
  readonly startMiB?: number;
  readonly typeGuid?: string;
  readonly guid?: string;
  readonly wipePartitionEntry?: boolean;
  readonly shouldExist?: boolean;
  readonly resize?: boolean;
}

export interface Raid {
  readonly name: string;
  readonly level: string;
  readonly devices: readonly string[];
  readonly spares?: number;
  readonly options?: readonly string[];
}

export interface Luks {
  readonly name: string;
  readonly device: string;
  readonly keyFile?: Resource;
  readonly label?: string;
  readonly uuid?: string;
  readonly options?: readonly string[];
  readonly wipeVolume?: boolean;
  readonly clevis?: Clevis;
}

export interface Clevis {
  readonly tang?: readonly Tang[];
  readonly tpm2?: boolean;
  readonly threshold?: number;
  /** Excludes all others. */
  readonly custom?: {
    readonly pin: 'tpm2' | 'tang' | 'sss';
    readonly config: string;
    readonly needsNetwork?: boolean;
  };
}

export interface Tang {
  readonly url: string;
  readonly thumbprint?: string;
}

export interface Systemd {
  readonly units?: readonly Unit[];
}

export interface Unit {
  /** With its suffix. */
  readonly name: string;
  /** Needs an [Install] section, in `contents` or in the unit that the system brings. */
  readonly enabled?: boolean;
  readonly mask?: boolean;
  readonly contents?: string;
  readonly dropins?: readonly { readonly name: string; readonly contents?: string }[];
}

export interface KernelArguments {
  readonly shouldExist?: readonly string[];
  readonly shouldNotExist?: readonly string[];
}

export interface Passwd {
  readonly users?: readonly PasswdUser[];
  readonly groups?: readonly PasswdGroup[];
}

/** Made, or changed when it exists; of an existing user, `groups` replaces the supplementary groups. */
export interface PasswdUser {
  readonly name: string;
  readonly passwordHash?: string;
  readonly sshAuthorizedKeys?: readonly string[];
  readonly uid?: number;
  readonly gecos?: string;
  readonly homeDir?: string;
  readonly noCreateHome?: boolean;
  readonly primaryGroup?: string;
  readonly groups?: readonly string[];
  readonly noUserGroup?: boolean;
  readonly noLogInit?: boolean;
  readonly shell?: string;
  readonly shouldExist?: boolean;
  readonly system?: boolean;
}

export interface PasswdGroup {
  readonly name: string;
  readonly gid?: number;
  readonly passwordHash?: string;
  readonly shouldExist?: boolean;
  readonly system?: boolean;
}
