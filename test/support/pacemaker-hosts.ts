import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster, ClusterNode } from '../../generator/cluster/cluster.ts';
import { corosync } from '../../generator/components/corosync/corosync.ts';
import { pacemaker } from '../../generator/components/pacemaker/pacemaker.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { installItems } from './host-files.ts';
import type { Host } from './namespaces.ts';

const AGENTS = '/usr/lib/ocf/resource.d';

/** Prepares a host of the lab for corosync and Pacemaker: the generated files, and folders of its own where both leave traces. */
export function installPacemaker(cluster: Cluster, node: ClusterNode, host: Host, store: Store): void {
  const items = [corosync, pacemaker].flatMap(({ plan }) => plan?.(cluster, node) ?? []);
  installItems(items, host, store);
  for (const folder of ['agents.work', AGENTS]) mkdirSync(join(host.root, folder), { recursive: true });
  const layers = `lowerdir=${AGENTS},upperdir=${host.root}${AGENTS},workdir=${host.root}/agents.work`;
  // A cluster with another's memory is none; and these programs would find each other's files.
  host.run(`mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /dev/shm && mkdir -p /run/lock &&
    mount -t overlay overlay -o ${layers} ${AGENTS} && rm -rf /var/lib/corosync/* /var/lib/pacemaker/cib/*`);
}

/** One member of the cluster as a machine runs it, but for systemd. */
export class ClusterMember {
  readonly host: Host;
  readonly address: string;
  readonly #folder: string;
  #api: ChildProcess | undefined;
  /** What the script said that writes the resources. */
  said = '';

  constructor(host: Host, address: string) {
    this.host = host;
    this.address = address;
    this.#folder = join(host.root, 'api');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'readyz'), 'ok');
  }

  /** Power on: corosync once its addresses are there, and Pacemaker once corosync runs. */
  async boot(): Promise<void> {
    this.host.run(`/opt/triskel/wait-for-addresses ${this.address}`);
    this.host.start('corosync', ['-f']);
    const runs = 'for i in $(seq 100); do corosync-cfgtool -s >/dev/null 2>&1 && exit 0; sleep 0.2; done; exit 1';
    await this.#end('sh', '-c', runs);
    this.host.start('env', ['PCMK_logfile=none', 'pacemakerd']);
  }

  /** What triskel-resources.service runs; resolves when it is done. */
  async writeResources(revision = 1, patience = 60): Promise<void> {
    const script = `TRISKEL_PATIENCE=${String(patience)} /opt/triskel/write-resources /etc/triskel/pacemaker.xml`;
    await this.#end('sh', '-c', `${script} ${String(revision)}`);
  }

  /** Something that answers at the API server's port, as ready as can be, with this certificate (PEM). */
  startApi(cert: string, key: string): void {
    const [certFile, keyFile] = [join(this.#folder, 'api.crt'), join(this.#folder, 'api.key')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const server = 'openssl s_server -quiet -WWW -accept 6443 -cert "$1" -key "$2"';
    this.#api = this.host.start('sh', ['-c', `cd "$0" && exec ${server}`, this.#folder, certFile, keyFile]);
  }

  stopApi(): void {
    this.#api?.kill('SIGKILL');
  }

  /** A tool of Pacemaker's, by its own line. */
  ask(line: string): string {
    return this.host.run(`${line} 2>&1`).trim();
  }

  /** True while this host has the address. */
  has(address: string): boolean {
    return this.host.run('ip -oneline address').includes(` ${address}/`);
  }

  #end(command: string, ...args: string[]): Promise<void> {
    const child = this.host.start(command, args);
    child.stdout?.on('data', (data: Buffer) => (this.said += data.toString()));
    return new Promise((done, failed) => {
      child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`${command} ended with ${String(code)}`))));
    });
  }
}
