import type { ClusterNode } from '../cluster/cluster.ts';
import type { Proxy } from '../cluster/proxy.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';

/** A step of the payload ladder: how the content of a sealed payload is encoded. The smallest step that fits is taken. */
export type Encoding = 'plain' | 'gzip-files' | 'gzip-whole';

/** pointer: the user data only says where the payload is served, and what it must be. */
export type Step = Encoding | 'pointer';

/** What a pointer says of the payload that is served. */
export interface Pointer {
  readonly url: string;
  /** Lower-case hexadecimal sha512 of the file at that URL. */
  readonly sha512: string;
  /** PEM that the server's certificate is checked against; undefined: the system's own CAs. */
  readonly ca: string | undefined;
  readonly proxy: Proxy | undefined;
}

/** Writes an adapted node plan in the language of one first-boot program. Pure. */
export interface Renderer {
  readonly format: 'ignition' | 'cloud-init';
  /** Name of the reviewed file in nodes/<node>/. */
  readonly reviewedName: (node: ClusterNode) => 'config.ign.json' | 'user-data.yaml' | 'user-data.mime';
  /** What follows the node's name in boot/. */
  readonly sealedSuffix: '.ign' | '.user-data';
  /** The ladder's steps that this format knows, smallest intervention first. */
  readonly encodings: readonly [Encoding, ...Encoding[]];
  /** For review: holes stand open, nothing is compressed or encoded; a forced encoding names the unpacked file instead. */
  readonly reviewed: (plan: NodePlan) => string;
  /** For the machine: the plan's holes are filled already. */
  readonly sealed: (plan: NodePlan, encoding: Encoding) => Uint8Array;
  /** What a pointer points at: the payload but for what the pointer says itself. */
  readonly served: (plan: NodePlan) => Uint8Array;
  /** Name of the pointer in nodes/<node>/, where there is one. */
  readonly pointerName: 'pointer.ign.json' | 'pointer.yaml';
  /** User data with which a machine fetches its payload (`served`), and takes it only if it is the right one. */
  readonly pointer: (plan: NodePlan, to: Pointer) => string;
}
