import type { Network } from '../base/networks.ts';

/** Whom something is open to. */
export type FirewallSource = 'anywhere' | 'nodes' | 'pods' | Network;

/** What is open beside the ports of the nodes' plans: in the host firewall, and in a cloud's security groups. */
export interface Opened {
  /** Who may reach port 22. */
  readonly ssh: readonly FirewallSource[];
  readonly allow: readonly {
    readonly port: number | readonly [number, number];
    readonly protocol: 'tcp' | 'udp';
    readonly from: readonly FirewallSource[];
  }[];
}

/** A host firewall. */
export interface Firewall extends Opened {
  readonly metadataForPods: boolean;
}
