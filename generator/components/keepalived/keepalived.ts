import { isControlPlane, pinnedImage, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import type { FileItem, PlanItem } from '../../nodeplan/items.ts';
import { refusePodsWithoutKubelet, runsAs } from '../balancing.ts';
import type { Component } from '../component.ts';
import { hostFiles } from '../host-paths.ts';
import { trustFile } from '../identity-files.ts';
import { INTERFACE_UNIT, interfaceFile } from '../node-interface.ts';
import { manifestFolder } from '../node-paths.ts';
import { staticPod } from '../static-pod.ts';
import { CA, configuration, movedHere } from './configuration.ts';
import unit from './keepalived.service.ejs';

const NAME = 'keepalived';
const UNIT = 'keepalived.service';
const CONFIG = '/etc/keepalived/keepalived.conf';
/**
 * Fails where the configuration is not right. The test of keepalived 2.2.7, Debian 12's, kills itself where a script has a
 * user of its own (acassen/keepalived#2587): it is given a copy without one.
 */
const COPY = '/tmp/keepalived.conf';
const TEST = `umask 077 && sed "s/script_user nobody/script_user root/" ${CONFIG} >${COPY} && keepalived --config-test --use-file=${COPY}`;

/** keepalived on the holders of the virtual IPs that it moves. */
export const keepalived: Component = {
  name: NAME,
  check: (cluster) =>
    refusePodsWithoutKubelet(
      cluster,
      NAME,
      cluster.nodes.filter((node) => movedHere(cluster, node).length > 0),
    ),
  plan(cluster, node) {
    const moved = movedHere(cluster, node);
    if (moved.length === 0) return [];
    const file: FileItem = { kind: 'file', path: CONFIG, mode: 0o600, content: configuration(cluster, node) };
    return [
      ...interfaceFile(node, file),
      // curl reads it at every check: nothing has to start anew when it is renewed.
      ...(asksApi(cluster) ? [trustFile('cluster-ca', CA, [])] : []),
      ...(runsAs(cluster, node, NAME) === 'static-pod' ? podItems(cluster, node) : unitItems(cluster, node)),
      ...moved.map(({ holders }): PlanItem => ({
        kind: 'port',
        protocol: 'vrrp',
        port: 112,
        purpose: 'keepalived, between the holders of a virtual IP',
        from: holders.every(isControlPlane) ? 'control-plane' : 'load-balancer',
      })),
    ];
  },
};

function asksApi(cluster: Cluster): boolean {
  return cluster.endpoint.balancer === 'none' && cluster.virtualIps.some(({ serves }) => serves === 'api');
}

function purposeOf(cluster: Cluster, node: ClusterNode): string {
  const addresses = movedHere(cluster, node).flatMap((virtualIp) => virtualIp.addresses.map(({ text }) => text));
  return `${addresses.length === 1 ? 'the virtual IP' : 'the virtual IPs'} ${addresses.join(', ')}`;
}

/** A unit of our own in the place of the package's, as haproxy's. */
function unitItems(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const content = unit({
    purpose: purposeOf(cluster, node),
    config: CONFIG,
    test: TEST,
    needs: node.interface === undefined ? INTERFACE_UNIT : '',
    booleans: enforcesSelinux(node) ? ['keepalived_connect_any'] : [],
  });
  return [
    { kind: 'package', name: NAME },
    { kind: 'package', name: 'curl' },
    { kind: 'unit', name: UNIT, enabled: true, content },
    { kind: 'phase', phase: 'vip', unit: UNIT },
  ];
}

/** As docs/ha-considerations.md of kubernetes/kubeadm has it, without its image's own start, which writes a configuration. */
function podItems(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const image = pinnedImage(
    cluster,
    cluster.options.keepalived?.image ?? `docker.io/osixia/keepalived:${cluster.versions.keepalived}`,
  );
  const manifest = staticPod({
    name: NAME,
    image,
    command: ['/bin/sh', '-c', `${TEST} && exec keepalived --dont-fork --log-console --vrrp --use-file=${CONFIG}`],
    hostPaths: hostFiles(CONFIG, ...(asksApi(cluster) ? [CA] : [])),
    scratch: ['/run', '/tmp'],
    startupSeconds: 60,
    requests: { cpu: '20m', memory: '32Mi' },
    user: 0,
    // The last two are for the check, which runs as nobody.
    capabilities: ['NET_ADMIN', 'NET_BROADCAST', 'NET_RAW', 'SETGID', 'SETUID'],
    node,
  });
  return [
    { kind: 'directory', path: manifestFolder(cluster), mode: 0o755 },
    { kind: 'file', path: `${manifestFolder(cluster)}/keepalived.yaml`, mode: 0o600, content: manifest },
    { kind: 'image', reference: image },
  ];
}
