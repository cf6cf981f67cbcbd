/**
 * The steps of a node's boot, in their order. Names are part of the format of docs/boot-report.md: never renamed or reused.
 */
export const PHASES = [
  'configuration',
  'packages',
  'kernel',
  'firewall',
  'disk',
  'download',
  'runtime',
  'kubelet',
  'etcd',
  'membership',
  'resources',
  'api',
  'balancer',
  'vip',
  'storage',
  'addons',
  'node',
] as const;

/** A step of a node's boot. */
export type Phase = (typeof PHASES)[number];

/** `waiting`: not done yet. `note`: something to know that changes nothing of the phase's state. */
export const STATES = ['waiting', 'ok', 'failed', 'note'] as const;

/** What a line says of its phase. */
export type State = (typeof STATES)[number];
