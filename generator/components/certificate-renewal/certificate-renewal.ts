import type { Component } from '../component.ts';
import { TRISKEL } from '../node-paths.ts';
import script from './apply-renewal.sh';

/** Where the script finds out which node it is on. */
const NODE = '/etc/triskel/node';
/** The script that brings a bundle of `triskel secrets renew` onto the node. */
export const APPLY_RENEWAL = `${TRISKEL}/apply-renewal`;

/** User-data runs once: what is renewed later reaches a running node through this script. */
export const certificateRenewal: Component = {
  name: 'certificate-renewal',
  plan: (cluster, node) => [
    { kind: 'file', path: APPLY_RENEWAL, mode: 0o755, content: script },
    { kind: 'file', path: NODE, mode: 0o644, content: nodeText(cluster.name, node.name) },
  ],
};

/** The lines by which node and bundle know each other. */
export function nodeText(cluster: string, node: string): string {
  return `cluster ${cluster}\nnode ${node}\n`;
}
