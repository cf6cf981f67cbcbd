import { hostPort } from '../../base/networks.ts';
import type { XmlElement } from '../../base/xml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { CLUSTER_CA } from '../node-paths.ts';
import { primitive } from './elements.ts';

/** The node attribute that the agent keeps: 1 where the API is ready. */
export const API_ATTRIBUTE = 'triskel-api';
/** Where Pacemaker looks for `ocf:triskel:api-health`, on every system that has it. */
export const API_HEALTH_AGENT = '/usr/lib/ocf/resource.d/triskel/api-health';

/**
 * Asks the API on this machine itself, with the cluster's own CA: what answers with another certificate is no API of this
 * cluster. It tells what it finds as a node attribute and never fails: a start that waited for the API would keep Pacemaker
 * from doing anything else as long, and failures would be counted.
 */
export function apiHealth(cluster: Cluster): XmlElement {
  return primitive({
    id: 'APIHealth',
    agent: 'ocf:triskel:api-health',
    parameters: { url: healthUrl(cluster), ca: CLUSTER_CA, attribute: API_ATTRIBUTE },
    operations: { start: 20, stop: 20, monitor: { interval: 1, timeout: 20 } },
  });
}

/** What answers at the endpoint's port on a holder: the API server, or haproxy in front of all of them. */
function healthUrl({ endpoint, controlPlane, network }: Cluster): string {
  const loopback = network.nodes[0].family === 'ipv4' ? '127.0.0.1' : '::1';
  const port = endpoint.balancer === 'haproxy' ? endpoint.internal.port : controlPlane.port;
  return `https://${hostPort(loopback, port)}/readyz`;
}
