import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import watchProgram from '../../lab/watch.py';
import { parseWatch, type Seen } from '../../drill/watch.ts';
import { cgroupOf } from './folders.ts';
import type { Lab } from './lab.ts';

interface Host {
  readonly host: string;
  readonly port: number;
}

/** What a watcher asks and looks at. */
export interface WatchSpec {
  /** Where a client finds the API; of several hosts one answer is enough. */
  readonly api: { readonly hosts: readonly string[]; readonly port: number };
  /** The cluster's CA, PEM. */
  readonly ca: string;
  readonly virtualIps: readonly string[];
  /** Each with the address of its own API server, where it has one. */
  readonly nodes: readonly { readonly name: string; readonly api: Host | undefined }[];
  /** Undefined: there is no etcd of its own to write to. */
  readonly etcd:
    | {
        readonly ca: string;
        readonly cert: string;
        readonly key: string;
        readonly members: readonly { readonly node: string; readonly address: string }[];
      }
    | undefined;
}

/** A program in a lab that asks the API and looks at its nodes without a pause. */
export interface Watcher {
  /** All that it has seen up to now. */
  readonly seen: () => readonly Seen[];
  /** Asks it to end, whereupon it looks for what became of all writes. */
  readonly end: () => Promise<void>;
}

/** Starts to watch. */
export function startWatcher(lab: Lab, spec: WatchSpec): Watcher {
  const folder = join(lab.folder, 'watch');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), `${content}\n`, { mode: 0o600 });
    return join(folder, name);
  };
  const namespace = (node: string): string => lab.machines().get(node)?.namespace ?? '';
  const { etcd } = spec;
  const program = file('watch.py', watchProgram);
  const written = file(
    'spec.json',
    JSON.stringify({
      api: spec.api,
      ca: file('ca.crt', spec.ca),
      virtualIps: spec.virtualIps,
      // The pressure within the lab's own cgroup: what else the machine does matters as far as the nodes wait for it.
      pressure: join('/sys/fs/cgroup', cgroupOf(lab.name), 'cpu.pressure'),
      nodes: spec.nodes.map(({ name, api = null }) => ({ name, namespace: namespace(name), api })),
      etcd:
        etcd === undefined
          ? null
          : {
              ca: file('etcd-ca.crt', etcd.ca),
              cert: file('etcd.crt', etcd.cert),
              key: file('etcd.key', etcd.key),
              members: etcd.members.map((member) => ({ ...member, namespace: namespace(member.node) })),
            },
    }),
  );
  const log = join(lab.folder, 'watch.jsonl');
  const child = lab.start('watch.jsonl', 'python3', program, written);
  return {
    seen: () => (existsSync(log) ? parseWatch(readFileSync(log, 'utf8')) : []),
    end: async () => {
      await lab.run('sh', '-c', 'kill "$(cat "$0")"', `${written}.pid`);
      while (child.exitCode === null && child.signalCode === null) await sleep(100);
    },
  };
}
