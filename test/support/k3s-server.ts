import type { ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { k3s } from '../../generator/components/k3s/k3s.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { fillHoles } from '../../generator/secrets/holes.ts';
import type { Store } from '../../generator/secrets/store.ts';
import type { Host } from './namespaces.ts';
import { REPORT } from './programs.ts';

const STATE = '/var/lib/rancher/k3s/server';
/** What the unit does: the decision, then k3s, and all of it again when one of them ends. */
const UNIT =
  'export PATH=/opt/stand-in:$PATH TRISKEL_PAUSE=0.3; while :; do /opt/triskel/k3s-decide && /opt/bin/k3s server; sleep 0.5; done';

/** One k3s server as a machine runs it: the generated files, the real script, and a stand-in for k3s (k3s_stand_in.py). */
export class K3sServer {
  readonly host: Host;
  #unit: ChildProcess | undefined;
  /** What the script and k3s said since the last power on. */
  said = '';

  constructor(cluster: Cluster, node: ClusterNode, host: Host, store: Store) {
    this.host = host;
    const fill = fillFrom(store, secretsOf(cluster).caKeys);
    for (const item of k3s.plan?.(cluster, node) ?? []) {
      if (item.kind !== 'file') continue;
      const content = fillHoles(item.content, fill, ({ name, part }) => {
        throw new Error(`nothing fills ${name}/${part}`);
      });
      this.write(item.path, content, item.mode);
    }
    this.write('/opt/bin/k3s', readFileSync('test/support/k3s_stand_in.py', 'utf8'), 0o755);
    copyFileSync(REPORT.TRISKEL_REPORT, join(host.root, '/opt/triskel/report'));
    // /run is the machine's, and each host has its own of this.
    host.run('mkdir -p /run/triskel && mount -t tmpfs tmpfs /run/triskel');
  }

  private write(path: string, content: string, mode: number): void {
    const target = join(this.host.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    chmodSync(target, mode);
  }

  /** The same while the host runs: what lies below an overlay is not seen to change. */
  put(path: string, content = '', mode = '644'): void {
    const text = Buffer.from(content).toString('base64');
    this.host.run(`mkdir -p ${dirname(path)} && echo '${text}' | base64 -d >${path} && chmod ${mode} ${path}`);
  }

  /** Power on. */
  boot(): void {
    this.said = '';
    this.#unit = this.host.start('setsid', ['sh', '-c', UNIT]);
    const hear = (data: Buffer): unknown => (this.said += data.toString());
    this.#unit.stdout?.on('data', hear);
    this.#unit.stderr?.on('data', hear);
  }

  /** Power off: everything of the unit is gone at once. */
  kill(): void {
    if (this.#unit?.pid !== undefined) {
      try {
        process.kill(-this.#unit.pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
    this.#unit?.kill('SIGKILL');
    this.#unit = undefined;
  }

  /** A new, empty disk. */
  wipe(): void {
    this.host.run(`rm -rf ${STATE} /etc/triskel/etcd-replacement /etc/rancher/k3s/config.yaml.d`);
  }

  /** Whether its k3s serves. */
  get answers(): boolean {
    return this.host.run('curl --silent --insecure https://127.0.0.1:6443/readyz || true') === 'ok';
  }

  /** The cluster that its data are of. */
  get cluster(): string | undefined {
    const file = join(this.host.root, STATE, 'db/etcd/id');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** True when k3s was started without a word of what to do, which makes a cluster of its own. */
  get standsAlone(): boolean {
    return existsSync(join(this.host.root, STATE, 'db/standalone'));
  }
}
