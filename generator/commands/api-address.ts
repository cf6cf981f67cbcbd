import { markOf } from '../clouds/openstack/marks.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { cloudFailure, connectCloud } from '../host/cloud.ts';

/** Where operators reach the API. */
export interface ApiAddress {
  readonly host: string;
  readonly port: number;
  /** What the API server's certificate must be of, where it is not of the host. */
  readonly name?: string;
}

/** True where only the cloud knows the address: a new floating IP, and no name for it. */
function isOnNewFloatingIp({ endpoint }: Cluster): boolean {
  return endpoint.floatingIp === 'new' && endpoint.external.host === endpoint.internal.host;
}

/** What the blueprint says, or the address of the floating IP that `boot` made: the cloud is asked for that alone. */
export async function apiAddress(cluster: Cluster): Promise<Checked<ApiAddress>> {
  const { openstack, endpoint } = cluster;
  const { internal, external } = endpoint;
  if (!isOnNewFloatingIp(cluster)) return { value: external, diagnostics: [] };
  const connected = connectCloud({ cloud: openstack?.cloud, region: openstack?.region }, undefined);
  if (connected.value === undefined) return { value: undefined, diagnostics: connected.diagnostics };
  const { cloud, close } = connected.value;
  try {
    const name = endpoint.type === 'openstack-load-balancer' ? 'api' : 'vip-api';
    const description = markOf(cluster.name, `floating-ip/${name}`);
    const [made] = await cloud.network.floatingIps.list({ description });
    if (made === undefined) {
      const missing = `floating-ip/${name} is not there: nobody knows the address of the API yet`;
      return { value: undefined, diagnostics: [diagnostic('cloud/missing', missing)] };
    }
    const host = made.floating_ip_address;
    return { value: { host, port: external.port, name: internal.host }, diagnostics: [] };
  } catch (error) {
    return { value: undefined, diagnostics: [cloudFailure(error)] };
  } finally {
    await close();
  }
}
