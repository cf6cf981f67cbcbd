import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { etcd } from '../../generator/components/etcd/etcd.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { installItems } from './host-files.ts';
import type { Host } from './namespaces.ts';

const MANIFEST = '/etc/kubernetes/manifests/etcd.yaml';
const UNIT = '/etc/systemd/system/etcd.service';

/** Writes etcd's generated files, holes filled, where the host sees them; a file that stands there is replaced. */
export function installEtcd(cluster: Cluster, node: ClusterNode, host: Host, store: Store): void {
  const items = etcd.plan?.(cluster, node) ?? [];
  const units = items.flatMap((item) =>
    item.kind === 'unit'
      ? [{ kind: 'file', path: `/etc/systemd/system/${item.name}`, mode: 0o644, content: item.content ?? '' } as const]
      : [],
  );
  installItems([...items, ...units, { kind: 'directory', path: '/etc/triskel', mode: 0o755 }], host, store);
}

/**
 * One etcd member as a machine runs it: the real guard, the real etcd with the manifest's own command or the unit's own
 * arguments. In the kubelet's place is this: what lies in the manifests folder runs, and what is taken out stops. In systemd's:
 * etcd starts when the guard has ended well, and is started anew when it ends.
 */
export class EtcdMember {
  readonly host: Host;
  readonly #binary: string;
  #guard: ChildProcess | undefined;
  #etcd: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What the guard said, and what etcd wrote. */
  said = '';
  log = '';

  constructor(host: Host, binary: string) {
    this.host = host;
    this.#binary = binary;
  }

  /** Power on. */
  boot(): void {
    if (existsSync(join(this.host.root, UNIT))) {
      // The hosts share this machine's /run.
      this.host.run('mkdir -p /run/triskel && mount -t tmpfs tmpfs /run/triskel');
      this.#timer = setInterval(() => this.#syncUnit(), 200);
      return;
    }
    this.host.run('/opt/triskel/etcd-guard prepare');
    this.#startGuard('watch');
    this.#timer = setInterval(() => this.#sync(), 200);
  }

  /** Power off: everything on the machine is gone at once. */
  kill(): void {
    clearInterval(this.#timer);
    this.#guard?.kill('SIGKILL');
    this.#guard = undefined;
    this.#etcd?.kill('SIGKILL');
    this.#etcd = undefined;
  }

  /** A new, empty disk. */
  wipe(): void {
    this.host.run(`rm -rf /var/lib/etcd/data ${MANIFEST}`);
  }

  get runs(): boolean {
    return this.#etcd !== undefined;
  }

  /** etcdctl against this member's own address, with its own certificate. */
  etcdctl(url: string, line: string): string {
    const tls =
      '--cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key';
    return this.host.run(`${this.#binary}ctl --endpoints ${url} ${tls} --command-timeout 5s ${line} 2>&1`);
  }

  #startGuard(...args: string[]): void {
    this.#guard = this.host.start('/opt/triskel/etcd-guard', args);
    this.#guard.stdout?.on('data', (data: Buffer) => (this.said += data.toString()));
  }

  #syncUnit(): void {
    if (this.#etcd !== undefined && this.#etcd.exitCode === null) return;
    if (this.#guard === undefined || (this.#guard.exitCode ?? 0) !== 0) this.#startGuard();
    if (this.#guard?.exitCode !== 0) return;
    this.#guard = undefined;
    // A folder of the unit's (StateDirectory=), which systemd makes before the guard runs.
    this.host.run('mkdir -p -m 0700 /var/lib/etcd/data');
    const unit = readFileSync(join(this.host.root, UNIT), 'utf8');
    const state = this.host.run(`cat ${/^EnvironmentFile=-(.*)$/m.exec(unit)?.[1] ?? ''}`);
    const [, ...args] = (/^ExecStart=((?:.*\\\n)*.*)$/m.exec(unit)?.[1] ?? '').split(/\s*\\\n\s*/);
    this.#etcd = this.host.start(
      this.#binary,
      args.map((argument) =>
        argument.replace(/\$\{(\w+)\}/, (_, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(state)![1]!),
      ),
    );
    this.#etcd.stderr?.on('data', (data: Buffer) => (this.log += data.toString()));
  }

  #sync(): void {
    const path = join(this.host.root, MANIFEST);
    if (!existsSync(path)) {
      this.#etcd?.kill('SIGKILL');
      this.#etcd = undefined;
    } else if (this.#etcd === undefined || this.#etcd.exitCode !== null) {
      const pod = parse(readFileSync(path, 'utf8')) as { spec: { containers: { command: string[] }[] } };
      const [, ...args] = pod.spec.containers[0]?.command ?? [];
      this.#etcd = this.host.start(this.#binary, args);
      this.#etcd.stderr?.on('data', (data: Buffer) => (this.log += data.toString()));
    }
  }
}
