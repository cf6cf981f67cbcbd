import type { Network } from '../base/networks.ts';

/** Whom something is open to. */
export type FirewallSource = 'anywhere' | 'nodes' | 'pods' | Network;

/** What a host firewall lets in beside the ports of the nodes' plans. */
export interface Firewall {
  readonly ssh: readonly FirewallSource[];
  readonly allow: readonly {
    readonly port: number | readonly [number, number];
    readonly protocol: 'tcp' | 'udp';
    readonly from: readonly FirewallSource[];
  }[];
  readonly metadataForPods: boolean;
}
