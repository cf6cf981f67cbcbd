import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { glusterServers, glusterVolume, type GlusterVolume } from '../../cluster/glusterfs.ts';
import type { PlanItem, PortSource } from '../../nodeplan/items.ts';
import type { Component } from '../component.ts';
import { certificateFiles, trustFile } from '../identity-files.ts';
import { TRISKEL } from '../node-paths.ts';
import { checkVolume } from './check.ts';
import glusterdVol from './glusterd.vol.ejs';
import makeFolders from './make-folders.sh';
import makeVolume from './make-volume.ejs';
import makeVolumeUnit from './make-volume.service.ejs';
import mountUnit from './mount.service.ejs';
import { MOUNT, persistentVolumes } from './persistent-volumes.ts';

const GLUSTERD = 'glusterd.service';
const MAKE_UNIT = 'triskel-gluster-volume.service';
const MOUNT_UNIT = 'triskel-gluster-mount.service';
/** A disk of the bricks' own is mounted here, and the brick lies below: a folder beneath a mount point is none. */
const BRICKS = '/srv/gluster';
const MANAGEMENT_PORT = 24_007;
const BRICK_PORTS = [49_152, 49_200] as const;
/** Where OpenSSL of Debian and Ubuntu looks, and so glusterfs (configure.ac, SSL_CERT_PATH); the files lie in /etc. */
const OPENSSL = '/usr/lib/ssl';

/** Of the volume: TLS both ways, with a CA that signs for nothing else; and a server that is gone is waited for 10 s, not 42. */
const OPTIONS = [
  ['network.ping-timeout', '10'],
  ['client.ssl', 'on'],
  ['server.ssl', 'on'],
  ['auth.ssl-allow', '*'],
];

/** GlusterFS: peers and volume are made once, by the first server; workers mount the volume by FUSE. */
export const glusterfs: Component = {
  name: 'glusterfs',
  check: checkVolume,
  plan(cluster, node) {
    const volume = glusterVolume(cluster);
    if (volume === undefined) return [];
    const servers = glusterServers(volume);
    const serves = servers.includes(node);
    const mounts = volume.clients.includes(node);
    return [
      ...(serves || mounts ? identity(node, serves, mounts) : []),
      ...(serves ? server(cluster, volume, node) : []),
      ...(node === servers[0] ? maker(cluster, volume) : []),
      ...(mounts ? client(cluster, volume) : []),
    ];
  },
  addon: persistentVolumes,
};

/** Without TLS, GlusterFS lets everybody in who reaches its ports. The file secure-access turns it on between daemons. */
function identity(node: ClusterNode, serves: boolean, mounts: boolean): PlanItem[] {
  const restarts = [
    ...(serves ? [{ kind: 'unit', name: GLUSTERD } as const] : []),
    ...(mounts ? [{ kind: 'unit', name: MOUNT_UNIT } as const] : []),
  ];
  const [certificate, key] = certificateFiles('glusterfs', node, '/etc/ssl/glusterfs', restarts);
  const links = ['pem', 'key', 'ca'].map((suffix): PlanItem => {
    const name = `glusterfs.${suffix}`;
    return { kind: 'link', path: `${OPENSSL}/${name}`, target: `/etc/ssl/${name}` };
  });
  return [
    ...(certificate === undefined ? [] : [{ ...certificate, path: '/etc/ssl/glusterfs.pem' }]),
    ...(key === undefined ? [] : [key]),
    trustFile('glusterfs-ca', '/etc/ssl/glusterfs.ca', restarts),
    ...links,
    { kind: 'file', path: '/var/lib/glusterd/secure-access', mode: 0o644, content: '\n' },
  ];
}

function server(cluster: Cluster, volume: GlusterVolume, node: ClusterNode): PlanItem[] {
  const { disk } = cluster.options.glusterfs ?? {};
  const ownDisk = disk !== undefined && volume.data.includes(node);
  const [firstBrick, lastBrick] = BRICK_PORTS;
  return [
    { kind: 'package', name: 'glusterfs-server' },
    ...(ownDisk
      ? ([
          { kind: 'filesystem', device: disk, path: BRICKS, format: 'ext4', label: 'gluster' },
          {
            kind: 'drop-in',
            unit: GLUSTERD,
            name: '10-triskel.conf',
            content: `[Unit]\nRequiresMountsFor=${BRICKS}\n`,
          },
        ] as const)
      : []),
    { kind: 'directory', path: BRICKS, mode: 0o755 },
    {
      kind: 'file',
      path: '/etc/glusterfs/glusterd.vol',
      mode: 0o644,
      content: glusterdVol({ port: MANAGEMENT_PORT, firstBrick, lastBrick }),
      restarts: [{ kind: 'unit', name: GLUSTERD }],
    },
    { kind: 'unit', name: GLUSTERD, enabled: true },
    { kind: 'phase', phase: 'storage', unit: GLUSTERD },
    ...ports(volume),
  ];
}

function ports(volume: GlusterVolume): PlanItem[] {
  const sources = new Set<PortSource>(['storage', ...arbiterSources(volume)]);
  if (volume.clients.length > 0) sources.add('nodes');
  return [...sources].flatMap((from): PlanItem[] => [
    { kind: 'port', protocol: 'tcp', port: MANAGEMENT_PORT, purpose: 'GlusterFS', from },
    { kind: 'port', protocol: 'tcp', port: BRICK_PORTS, purpose: 'GlusterFS’ bricks', from },
  ]);
}

function arbiterSources({ arbiter }: GlusterVolume): PortSource[] {
  if (arbiter === undefined) return [];
  const groups = ['control-plane', 'load-balancer', 'etcd'] as const;
  return [groups.find((group) => arbiter.roles.includes(group)) ?? 'nodes'];
}

function maker(cluster: Cluster, volume: GlusterVolume): PlanItem[] {
  const { disk } = cluster.options.glusterfs ?? {};
  const servers = glusterServers(volume).map(({ addresses: [{ text }] }) => text);
  const script = `${TRISKEL}/make-gluster-volume`;
  const content = makeVolume({
    volume: volume.name,
    peers: servers.slice(1),
    replicas: servers.length,
    arbiter: volume.arbiter === undefined ? '' : ' arbiter 1',
    bricks: servers.map((server) => `${server}:${BRICKS}/${volume.name}`),
    // Without it, gluster takes no brick on the root disk; the arbiter’s always lies there.
    force: disk === undefined || volume.arbiter !== undefined ? ' force' : '',
    options: OPTIONS,
  });
  return [
    { kind: 'file', path: script, mode: 0o755, content },
    { kind: 'unit', name: MAKE_UNIT, enabled: true, content: makeVolumeUnit({ script }) },
    { kind: 'phase', phase: 'storage', unit: MAKE_UNIT },
  ];
}

/** The mount is a program that stays in the foreground, so that systemd knows when it is gone, as a mount unit would not. */
function client(cluster: Cluster, volume: GlusterVolume): PlanItem[] {
  const script = `${TRISKEL}/make-folders`;
  const folders = (cluster.options.glusterfs?.persistentVolumes ?? []).map(({ name }) => name);
  const content = mountUnit({
    volume: volume.name,
    mount: MOUNT,
    // Each of them knows where the bricks are; the next one is asked when one does not answer.
    servers: glusterServers(volume).map(({ addresses: [{ text }] }) => text),
    script,
    folders,
  });
  return [
    { kind: 'package', name: 'glusterfs-client' },
    { kind: 'kernel-module', name: 'fuse' },
    { kind: 'directory', path: MOUNT, mode: 0o755 },
    { kind: 'file', path: script, mode: 0o755, content: makeFolders },
    { kind: 'unit', name: MOUNT_UNIT, enabled: true, content },
    { kind: 'phase', phase: 'storage', unit: MOUNT_UNIT },
  ];
}
