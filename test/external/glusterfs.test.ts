/**
 * Real GlusterFS from what is generated: three servers and a worker in namespaces, over TLS. Needs root, Debian's
 * glusterfs-server and glusterfs-client, and /dev/fuse.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { glusterfs } from '../../generator/components/glusterfs/glusterfs.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { clusterOf } from '../support/cluster.ts';
import { installItems } from '../support/host-files.ts';
import { startLab, type Host, type Lab } from '../support/namespaces.ts';
import { storeOf } from '../support/secrets.ts';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: stored
endpoint: { type: external, internal: '192.0.2.5:6443' }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
  - { name: angus, roles: [storage], address: 192.0.2.52 }
  - { name: belenus, roles: [control-plane], address: 192.0.2.53 }
  - { name: dagda, roles: [storage], address: 192.0.2.50 }
  - { name: worker, roles: [worker], address: 192.0.2.45 }
components:
  glusterfs: { arbiter: belenus, persistentVolumes: [{ name: web, size: 1Gi }] }
`);

const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 150_000, interval: 500 });

// A server that does not answer is waited for by glusterd, too.
vi.setConfig({ testTimeout: 180_000 });

describe('a replicated volume with its arbiter', () => {
  let lab: Lab;
  const hosts = new Map<string, Host>();
  const plans = new Map<string, readonly PlanItem[]>();
  const host = (name: string): Host => hosts.get(name)!;
  /** The command of a unit's ExecStart, as one line. */
  const command = (name: string, unit: string): string => {
    const item = plans.get(name)!.find((one) => one.kind === 'unit' && one.name === unit);
    const text = item?.kind === 'unit' ? (item.content ?? '') : '';
    return /^ExecStart=((?:.*\\\n)*.*)$/m.exec(text)?.[1]?.replace(/\\\n/g, ' ') ?? 'false';
  };

  beforeAll(async () => {
    const store = await storeOf(secretsOf(cluster), new Date());
    lab = startLab(
      'glust',
      cluster.nodes.map((node) => ({ name: node.name, cidr: `${node.addresses[0].text}/24` })),
    );
    cluster.nodes.forEach((node, index) => {
      const one = lab.hosts[index]!;
      const items = glusterfs.plan?.(cluster, node) ?? [];
      hosts.set(node.name, one);
      plans.set(node.name, items);
      installItems(
        items.filter(({ kind }) => kind === 'file'),
        one,
        store,
      );
      for (const folder of ['ssl', 'ssl.work']) mkdirSync(join(one.root, folder), { recursive: true });
      const links = items.flatMap((item) => (item.kind === 'link' ? [`ln -sf ${item.target} ${item.path}`] : []));
      one.run(`for folder in /run /var/log /srv /mnt; do mount -t tmpfs tmpfs $folder; done
        mkdir -p /run/gluster /var/log/glusterfs /srv/gluster /mnt/gluster /srv/ssl /srv/ssl.work
        mount -t overlay overlay -o lowerdir=/usr/lib/ssl,upperdir=/srv/ssl,workdir=/srv/ssl.work /usr/lib/ssl
        ${links.join('\n')}`);
    });
  });
  afterAll(() => lab.stop());

  const boot = (name: string): ChildProcess => host(name).start('glusterd', ['--no-daemon', '--log-file=-']);
  const gluster = (line: string): string => host('angus').run(`gluster --mode=script ${line} 2>&1 || true`);

  it('is made once by the first server by name, when all of them answer', async () => {
    boot('angus');
    boot('belenus');
    await waitFor(() => expect(gluster('pool list')).toContain('localhost'));
    let said = '';
    const maker = host('angus').start(command('angus', 'triskel-gluster-volume.service'), []);
    maker.stdout?.on('data', (data: Buffer) => (said += data.toString()));
    await waitFor(() => expect(said).toContain('192.0.2.50 does not answer yet'));
    expect(gluster('volume info data')).toContain('does not exist');
    boot('dagda');
    await waitFor(() => expect(said).toContain('the volume data is there'));
    const info = gluster('volume info data');
    expect(info).toContain('Number of Bricks: 1 x (2 + 1) = 3');
    expect(info).toMatch(/Brick3: 192\.0\.2\.53:\/srv\/gluster\/data \(arbiter\)/);
    expect(info).toContain('Status: Started');
    expect(info).toMatch(/client\.ssl: on/);
  });

  it('is left as it is when its script runs again', () => {
    const before = gluster('volume info data');
    host('angus').run(command('angus', 'triskel-gluster-volume.service'));
    expect(gluster('volume info data')).toBe(before);
  });

  it('listens within the ports of the plan', () => {
    const ports = [
      ...host('dagda')
        .run('ss -Hltn')
        .matchAll(/:(\d+) /g),
    ].map(([, port]) => Number(port));
    expect(ports).toContain(24_007);
    expect(ports.filter((port) => port >= 49_152 && port <= 49_200)).toHaveLength(1);
  });

  it('is not waited for by a worker whose mount has given up', () => {
    const gone = 'sh -c : & wait $!; MAINPID=$! timeout 30 /opt/triskel/make-folders /mnt/gluster web';
    expect(host('worker').run(`(${gone}) 2>/dev/null || echo $?`).trim()).toBe('1');
    host('worker').run('[ ! -e /mnt/gluster/web ]');
  });

  it('is mounted by a worker, which makes the folders of PersistentVolumes in it', async () => {
    const { pid } = host('worker').start('sh', ['-c', `exec ${command('worker', 'triskel-gluster-mount.service')}`]);
    host('worker').run(`MAINPID=${String(pid)} timeout 30 /opt/triskel/make-folders /mnt/gluster web`);
    host('worker').run('echo kept >/mnt/gluster/web/file');
    await waitFor(() => expect(host('angus').run('cat /srv/gluster/data/web/file')).toBe('kept\n'));
    expect(host('belenus').run('stat -c %s /srv/gluster/data/web/file').trim()).toBe('0');
  });

  it('lets nobody in who has no certificate of its CA', () => {
    const mount =
      'timeout 20 mount -t glusterfs 192.0.2.52:/data /srv/other 2>&1; mountpoint -q /srv/other && echo in || echo out';
    host('dagda').run('mkdir -p /srv/other');
    expect(host('dagda').run(mount)).toContain('in');
    host('dagda').run('umount /srv/other; mv /usr/lib/ssl/glusterfs.pem /usr/lib/ssl/away');
    expect(host('dagda').run(mount)).toContain('out');
    host('dagda').run('mv /usr/lib/ssl/away /usr/lib/ssl/glusterfs.pem');
  });

  it('takes writes while one copy is cut off, and mends it afterwards', async () => {
    host('angus').cut();
    await waitFor(() => host('worker').run('timeout 45 sh -c "echo new >/mnt/gluster/web/file"'));
    host('angus').heal();
    await waitFor(() => expect(host('angus').run('cat /srv/gluster/data/web/file')).toBe('new\n'));
  });

  it('is read anew by a worker that read it before its servers had said that it speaks TLS', async () => {
    const bricks = ['192.0.2.50', '192.0.2.52', '192.0.2.53'].map((server) => `${server}:/srv/gluster/early`).join(' ');
    expect(gluster(`volume create early replica 3 ${bricks} force`)).toContain('success');
    host('worker').run('mkdir -p /mnt/early');
    const program = command('worker', 'triskel-gluster-mount.service')
      .replaceAll('data', 'early')
      .replace('/mnt/gluster', '/mnt/early');
    const mount = (): ChildProcess => host('worker').start('sh', ['-c', `exec ${program}`]);
    const makeFolders = ({ pid }: ChildProcess, patience: number): string => {
      const script = `MAINPID=${String(pid)} TRISKEL_PATIENCE=${String(patience)} /opt/triskel/make-folders`;
      return host('worker').run(`${script} /mnt/early web 2>&1 && echo made || echo gave up`);
    };
    const early = mount();
    await waitFor(() => host('worker').run('grep -q /mnt/early /proc/mounts'));
    for (const option of ['client.ssl', 'server.ssl']) gluster(`volume set early ${option} on`);
    expect(gluster('volume start early')).toContain('success');
    expect(makeFolders(early, 5)).toBe('gave up\n');
    early.kill();
    host('worker').run('umount --lazy /mnt/early 2>/dev/null || true');
    const late = mount();
    expect(makeFolders(late, 30)).toBe('made\n');
    expect(host('angus').run('ls /srv/gluster/early')).toContain('web');
    late.kill();
    for (const end of ['stop', 'delete']) expect(gluster(`volume ${end} early`)).toContain('success');
  });
});
