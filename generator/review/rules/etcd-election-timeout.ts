import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './etcd-election-timeout.md';

/** etcd does not start with an election time-out below five heartbeats, and elects all the time near it (etcd, embed/config.go, Validate). */
export const etcdElectionTimeout: Rule = {
  code: 'review/etcd-election-timeout',
  page,
  find(cluster) {
    const { heartbeatInterval = 100, electionTimeout = 1000 } = cluster.options.etcd ?? {};
    if (electionTimeout >= 5 * heartbeatInterval) return [];
    const message = `an election begins after ${String(electionTimeout)} ms, which is less than five heartbeats of ${String(heartbeatInterval)} ms: etcd does not start`;
    return [{ message, places: [at(['components', 'etcd'])] }];
  },
};
