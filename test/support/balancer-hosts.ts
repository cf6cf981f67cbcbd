import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { haproxy } from '../../generator/components/haproxy/haproxy.ts';
import { keepalived } from '../../generator/components/keepalived/keepalived.ts';
import { kubeApiserver } from '../../generator/components/kube-apiserver/kube-apiserver.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { commandsOf, installItems } from './host-files.ts';
import type { Host } from './namespaces.ts';

const PKI = '/etc/kubernetes/pki';

/** A control-plane node as a client of its endpoint sees it: an API server of ours, real haproxy, real keepalived. */
export class Balancer {
  readonly host: Host;
  readonly node: ClusterNode;
  readonly #items: readonly PlanItem[];
  readonly #port: number;
  readonly #running = new Map<string, ChildProcess>();
  /** What haproxy and keepalived wrote. */
  log = '';

  constructor(cluster: Cluster, node: ClusterNode, host: Host, store: Store) {
    this.host = host;
    this.node = node;
    this.#port = cluster.controlPlane.port;
    this.#items = [haproxy, keepalived, kubeApiserver].flatMap((component) => component.plan?.(cluster, node) ?? []);
    installItems(this.#items, host, store);
    mkdirSync(join(host.root, '/var/lib/api'), { recursive: true });
  }

  /** `identity` is that whose certificate it shows. */
  startApi(identity = 'apiserver'): void {
    const script = resolve('test/support/api-server.mjs');
    const [{ text: address }] = this.node.addresses;
    const pair = [`${PKI}/${identity}.crt`, `${PKI}/${identity}.key`];
    const args = [script, this.node.name, address, String(this.#port), ...pair, '/var/lib/api'];
    this.#start('api', process.execPath, args);
  }

  /** /readyz of its API server. */
  setReady(ready: boolean): void {
    this.host.run(`${ready ? 'rm -f' : 'touch'} /var/lib/api/unready`);
  }

  /** As the unit starts it, its checks before it included; `change` changes its configuration first. */
  startHaproxy(change: (configuration: string) => string = (text) => text): void {
    const file = '/etc/haproxy/haproxy.cfg';
    this.host.run(`cat >${file} <<'CONFIGURATION'\n${change(this.host.run(`cat ${file}`))}CONFIGURATION\n`);
    this.#startUnit('haproxy', []);
  }

  startKeepalived(): void {
    if (this.node.interface === undefined) this.host.run('/opt/triskel/node-interface');
    // The hosts share /run.
    this.#startUnit('keepalived', ['--pid=/var/lib/keepalived.pid', '--vrrp_pid=/var/lib/vrrp.pid']);
  }

  /** Kills a program at once. */
  async stop(name: string): Promise<void> {
    const child = this.#running.get(name);
    this.#running.delete(name);
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(name === 'api' ? 'SIGKILL' : 'SIGTERM');
    await ended;
  }

  async stopAll(): Promise<void> {
    for (const name of [...this.#running.keys()].reverse()) await this.stop(name);
  }

  /** The addresses on its interface. */
  get addresses(): string {
    return this.host.run('ip -o address show dev eth0');
  }

  #startUnit(name: string, more: readonly string[]): void {
    const unit = `${name}.service`;
    for (const command of commandsOf(this.#items, unit, 'ExecStartPre')) this.host.run(command);
    const [program = '', ...args] = (commandsOf(this.#items, unit, 'ExecStart')[0] ?? '').split(' ');
    this.#start(name, program, [...args, ...more]);
  }

  #start(name: string, program: string, args: readonly string[]): void {
    const child = this.host.start(program, args);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.log += data.toString()));
    this.#running.set(name, child);
  }
}
