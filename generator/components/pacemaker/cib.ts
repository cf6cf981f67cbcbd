import { xml, xmlText, type XmlElement } from '../../base/xml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { corosyncMembers } from '../../cluster/corosync.ts';
import type { VirtualIp } from '../../cluster/endpoint.ts';
import { API_ATTRIBUTE, apiHealth } from './api-health.ts';
import { controlPlaneClones } from './control-plane.ts';
import { clone, pairs, primitive } from './elements.ts';
import { fencingDevices, fencingPlaces } from './fencing.ts';

/** The virtual IP, or the group of both; its name is the guides'. */
const VIRTUAL_IP = 'ClusterIP';
const HEALTH_CLONE = 'APIHealth-clone';
/** How much more the first holder is preferred: less than the default of the resource's stickiness. */
const PREFERENCE = 10;

/** What this cluster has of Pacemaker's configuration, for `cibadmin --modify --allow-create`; secrets are holes. */
export function cibText(cluster: Cluster, virtualIp: VirtualIp): string {
  const { resourceStickiness = 100, failureTimeoutSeconds = 60 } = cluster.options.pacemaker ?? {};
  const holders = virtualIp.holders.length;
  const address = addressResource(cluster, virtualIp);
  const clones = [clone(apiHealth(cluster), HEALTH_CLONE, holders), ...controlPlaneClones(cluster, virtualIp)];
  const defaults = {
    'resource-stickiness': String(resourceStickiness),
    'failure-timeout': `${String(failureTimeoutSeconds)}s`,
  };
  const configuration = xml('configuration', {}, [
    xml('crm_config', {}, pairs('cluster_property_set', 'cib-bootstrap-options', properties(cluster))),
    xml('resources', {}, [...fencingDevices(cluster), ...clones, address]),
    xml('constraints', {}, [
      ...fencingPlaces(cluster),
      ...places(cluster, virtualIp, [...clones, address]),
      ...followsApi(),
    ]),
    xml('rsc_defaults', {}, pairs('meta_attributes', 'rsc_defaults-meta_attributes', defaults)),
  ]);
  return xmlText(configuration);
}

function properties(cluster: Cluster): Record<string, string> {
  const { fencing = 'none' } = cluster.options.pacemaker ?? {};
  const fences = typeof fencing !== 'string';
  return {
    'stonith-enabled': String(fences),
    // Of two nodes that have lost each other, the one that has the virtual IP is first to shoot.
    ...(fences && corosyncMembers(cluster).length === 2 ? { 'priority-fencing-delay': '15s' } : {}),
    'no-quorum-policy': 'stop',
    // One start before etcd is up would otherwise ban the node until somebody cleans up.
    'start-failure-is-fatal': 'false',
  };
}

function addressResource(cluster: Cluster, { addresses }: VirtualIp): XmlElement {
  const { netmask, monitorSeconds = 30, migrationThreshold = 3 } = cluster.options.pacemaker ?? {};
  const resources = addresses.map(({ family, text }, index) => {
    const network = cluster.network.nodes.find((one) => one.family === family);
    const ipv4 = family === 'ipv4';
    return primitive({
      id: addresses.length === 1 ? VIRTUAL_IP : `${VIRTUAL_IP}-${family}`,
      agent: 'ocf:heartbeat:IPaddr2',
      parameters: {
        ip: text,
        cidr_netmask: String((ipv4 ? netmask : undefined) ?? network?.prefix),
        // A node must not speak from an address that it is about to lose; IPv4 takes its first address anyway.
        ...(ipv4 ? {} : { preferred_lft: '0' }),
      },
      meta: { 'migration-threshold': String(migrationThreshold), ...(index === 0 ? { priority: '10' } : {}) },
      operations: { start: 20, stop: 20, monitor: { interval: monitorSeconds, timeout: 20 } },
    });
  });
  const [only, ...more] = resources;
  return only !== undefined && more.length === 0 ? only : xml('group', { id: VIRTUAL_IP }, resources);
}

/** Resources run on holders alone, and the virtual IP at best on the first one. */
function places(cluster: Cluster, { holders: [first] }: VirtualIp, resources: readonly XmlElement[]): XmlElement[] {
  const ids = resources.map(({ attributes: { id = '' } }) => id);
  const never = corosyncMembers(cluster).filter(({ holds }) => !holds);
  return [
    ...never.flatMap(({ node }) =>
      ids.map((rsc) =>
        xml('rsc_location', {
          id: `${rsc}-never-on-${node.name}`,
          rsc,
          node: node.name,
          score: '-INFINITY',
          // Nor is it looked for there: what it needs is not installed.
          'resource-discovery': 'never',
        }),
      ),
    ),
    ...(first === undefined
      ? []
      : [
          xml('rsc_location', {
            id: `${VIRTUAL_IP}-prefers-${first.name}`,
            rsc: VIRTUAL_IP,
            node: first.name,
            score: String(PREFERENCE),
          }),
        ]),
  ];
}

/** The virtual IP is where the API is ready, and where that is watched. */
function followsApi(): XmlElement[] {
  const id = `${VIRTUAL_IP}-where-api-is-ready`;
  const expression = (key: string, attributes: Record<string, string>): XmlElement =>
    xml('expression', { id: `${id}-${key}`, attribute: API_ATTRIBUTE, ...attributes });
  return [
    xml('rsc_colocation', {
      id: `${VIRTUAL_IP}-with-${HEALTH_CLONE}`,
      rsc: VIRTUAL_IP,
      'with-rsc': HEALTH_CLONE,
      score: 'INFINITY',
    }),
    xml('rsc_location', { id, rsc: VIRTUAL_IP }, [
      xml('rule', { id: `${id}-rule`, score: '-INFINITY', 'boolean-op': 'or' }, [
        expression('undefined', { operation: 'not_defined' }),
        expression('unready', { operation: 'ne', value: '1' }),
      ]),
    ]),
  ];
}
