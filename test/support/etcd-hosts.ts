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

/** Writes etcd's generated files, holes filled, where the host sees them; a file that stands there is replaced. */
export function installEtcd(cluster: Cluster, node: ClusterNode, host: Host, store: Store): void {
  installItems(etcd.plan?.(cluster, node) ?? [], host, store);
}

/**
 * One etcd member as a machine runs it: the real guard, the real etcd with the manifest's own command, and in the
 * kubelet's place this: what lies in the manifests folder runs, and what is taken out stops.
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
    this.host.run('/opt/triskel/etcd-guard prepare');
    this.#guard = this.host.start('/opt/triskel/etcd-guard', ['watch']);
    this.#guard.stdout?.on('data', (data: Buffer) => (this.said += data.toString()));
    this.#timer = setInterval(() => this.#sync(), 200);
  }

  /** Power off: everything on the machine is gone at once. */
  kill(): void {
    clearInterval(this.#timer);
    this.#guard?.kill('SIGKILL');
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
