import type { Cluster } from '../../cluster/cluster.ts';
import { hole } from '../../secrets/holes.ts';

/** Where the CA of the component's option lies. */
export const CLOUD_CA = '/etc/kubernetes/openstack-ca.crt';

type Value = string | boolean;
type Sections = Readonly<Record<string, Readonly<Record<string, Value | undefined>>>>;

/**
 * cloud.conf; the keys are those of cloud-provider-openstack,
 * docs/openstack-cloud-controller-manager/using-openstack-cloud-controller-manager.md.
 */
export function cloudConf(cluster: Cluster, openstack: NonNullable<Cluster['openstack']>): string {
  const options = cluster.options['openstack-cloud-controller-manager'] ?? {};
  const { nodes } = cluster.network;
  return gcfg({
    Global: {
      'auth-url': openstack.authUrl,
      'application-credential-id': hole('openstack', 'credential-id'),
      'application-credential-secret': hole('openstack', 'credential-secret'),
      region: openstack.region,
      'ca-file': options.ca === undefined ? undefined : CLOUD_CA,
    },
    Networking: {
      // A node's first address is the one that the blueprint gives it, whatever order the cloud lists them in.
      'address-sort-order': nodes.map((network) => network.text).join(','),
      'ipv6-support-disabled': nodes.every((network) => network.family === 'ipv4'),
    },
    LoadBalancer: {
      // With two families the controller finds the subnet of each by itself, and says that it should.
      'subnet-id': nodes.length > 1 ? undefined : hole('openstack', 'subnet-id'),
      'floating-network-id':
        openstack.externalNetwork === undefined ? undefined : hole('openstack', 'floating-network-id'),
      'internal-lb': options.internalLoadBalancers ?? false,
      // Without a monitor a load balancer goes on sending to nodes that are gone.
      'create-monitor': true,
    },
  });
}

/**
 * The controller's dialect of INI (gopkg.in/gcfg.v1): every text stands in quotes, where only the backslash and the
 * quote itself have a meaning. Values that fill holes must have neither, nor a line's end.
 */
export function gcfg(sections: Sections): string {
  return Object.entries(sections)
    .map(([name, entries]) => {
      const lines = Object.entries(entries).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${typeof value === 'string' ? quoted(value) : String(value)}\n`],
      );
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}

function quoted(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new Error('a value of cloud.conf has a control character');
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
