/**
 * Hosts of our own on one machine: a network namespace each, joined by a bridge in one more namespace, so that nothing
 * leaves the machine. Each host sees its own /etc, /opt and /var/lib by an overlay. Needs root.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OVERLAID = ['etc', 'opt', 'var/lib'];

export interface Host {
  readonly name: string;
  /** Files written below `<root>/etc`, `<root>/opt` and `<root>/var/lib` are seen by the host at these places. */
  readonly root: string;
  /** Starts a program in the host; it runs until it ends or the lab does. */
  readonly start: (command: string, args: readonly string[]) => ChildProcess;
  /** Runs a shell line in the host and gives its output; throws when it fails. */
  readonly run: (line: string) => string;
  /** Takes the host's cable out, or puts it back. */
  readonly cut: () => void;
  readonly heal: () => void;
}

export interface Lab {
  readonly hosts: readonly Host[];
  readonly stop: () => void;
}

/** One host for each name and address (with prefix length). `lab` keeps several labs apart: at most 6 characters. */
export function startLab(lab: string, nodes: readonly { name: string; cidr: string }[]): Lab {
  const base = mkdtempSync(join(tmpdir(), `triskel-${lab}-`));
  const children: ChildProcess[] = [];
  const bridge = `${lab}-br`;
  ip(`netns add ${bridge}`);
  inside(bridge, 'ip link add br0 type bridge && ip link set br0 up');
  const hosts = nodes.map(({ name, cidr }, index): Host => {
    const namespace = `${lab}-${String(index)}`;
    const port = `p${String(index)}`;
    ip(`netns add ${namespace}`);
    ip(`link add eth0 netns ${namespace} type veth peer name ${port} netns ${bridge}`);
    inside(bridge, `ip link set ${port} master br0 up`);
    // An IPv6 address cannot be listened on until the kernel has looked for another host that has it; here is none.
    const at = cidr.includes(':') ? `${cidr} nodad` : cidr;
    inside(namespace, `ip link set lo up && ip address add ${at} dev eth0 && ip link set eth0 up`);
    const root = join(base, name);
    for (const folder of OVERLAID) {
      mkdirSync(join(root, folder), { recursive: true });
      mkdirSync(join(root, '.work', folder), { recursive: true });
    }
    const mounts = OVERLAID.map(
      (f) =>
        `mount -t overlay overlay -o lowerdir=/${f},upperdir=${join(root, f)},workdir=${join(root, '.work', f)},index=off,metacopy=off /${f}`,
    ).join(' && ');
    // One mount namespace a host, held open by a program that sleeps: two overlays over one folder would disagree.
    const holder = spawn('ip', [
      'netns',
      'exec',
      namespace,
      'unshare',
      '--mount',
      'sh',
      '-c',
      `${mounts} && touch ${join(root, 'ready')} && exec sleep 3600`,
    ]);
    children.push(holder);
    waitFor(join(root, 'ready'));
    const enter = ['--target', String(holder.pid), '--mount', '--net', '--'];
    return {
      name,
      root,
      start: (command, args) => {
        const child = spawn('nsenter', [...enter, command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
        children.push(child);
        return child;
      },
      run: (line) =>
        execFileSync('nsenter', [...enter, 'sh', '-c', line], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: 60_000,
        }),
      cut: () => inside(bridge, `ip link set ${port} nomaster`),
      heal: () => inside(bridge, `ip link set ${port} master br0`),
    };
  });
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    for (const namespace of [...nodes.map((_, index) => `${lab}-${String(index)}`), bridge]) {
      for (const pid of execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' })
        .split('\n')
        .filter(Boolean)) {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          // It ended by itself in between.
        }
      }
      ip(`netns delete ${namespace}`);
    }
    rmSync(base, { recursive: true, force: true });
  };
  return { hosts, stop };
}

function waitFor(file: string): void {
  for (let tries = 0; !existsSync(file); tries++) {
    if (tries > 500) throw new Error(`the host of ${file} did not start`);
    execFileSync('sleep', ['0.02']);
  }
}

function ip(line: string): void {
  execFileSync('ip', line.split(' '));
}

function inside(namespace: string, line: string): void {
  execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-c', line]);
}
