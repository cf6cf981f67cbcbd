import type { NodePlan } from '../nodeplan/nodeplan.ts';

/** A step of the payload ladder: how the content of a sealed payload is encoded. The smallest step that fits is taken. */
export type Encoding = 'plain' | 'gzip-files' | 'gzip-whole';

/** Writes an adapted node plan in the language of one first-boot program. Pure. */
export interface Renderer {
  readonly format: 'ignition' | 'cloud-init';
  /** Name of the reviewed file in nodes/<node>/. */
  readonly reviewedName: 'config.ign.json' | 'user-data.yaml';
  /** What follows the node's name in boot/. */
  readonly sealedSuffix: '.ign' | '.user-data';
  /** The ladder's steps that this format knows, smallest intervention first. */
  readonly encodings: readonly [Encoding, ...Encoding[]];
  /** For review: holes stand open, nothing is compressed or encoded; a forced encoding names the unpacked file instead. */
  readonly reviewed: (plan: NodePlan) => string;
  /** For the machine: the plan's holes are filled already. */
  readonly sealed: (plan: NodePlan, encoding: Encoding) => Uint8Array;
}
