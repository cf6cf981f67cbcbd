/** A node to which renewed files are brought: the real script in a folder of its own, among programs that are played. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { APPLY_RENEWAL } from '../../generator/components/certificate-renewal/certificate-renewal.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { fillHoles, findHoles, type Hole } from '../../generator/secrets/holes.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { run, type Run } from './programs.ts';

/** The start of every played program: `event` records one and, where that is wanted, kills whoever called the program. */
const EVENTS = `#!/bin/sh
event() {
  echo "$*" >>"$WORLD/events"
  [ "$*" != "$(cat "$WORLD/kill-at" 2>/dev/null)" ] || {
    rm "$WORLD/kill-at"
    kill -"$(cat "$WORLD/signal")" $PPID
  }
}
last() { for last; do :; done; }
`;

/**
 * Stopped containers come back, with an id of their own, only when time passes, which \`sleep\` does; the API server
 * answers ok one step later still. What is named in lost/ does not come back.
 */
const PROGRAMS: Readonly<Record<string, string>> = {
  crictl: `
case "$1 $2 $3 $4 $5" in
  "ps --quiet --state running --label") cat "$WORLD/running/\${6#io.kubernetes.container.name=}" 2>/dev/null || : ;;
  "stop --timeout 30 "*)
    name=$(basename "$(grep -lxF "$4" "$WORLD"/running/*)") || exit 1
    mv "$WORLD/running/$name" "$WORLD/stopped/$name"
    [ "$name" != kube-apiserver ] || touch "$WORLD/unready"
    event "stop $name" ;;
  *) exit 64 ;;
esac`,
  // What a program finds as it starts is all that it knows of the files.
  starts: 'cd "$TRISKEL_ROOT/etc/kubernetes" && cat -- $(find . -type f ! -name "*-new" | sort) >"$WORLD/read/$1"',
  systemctl: `
[ "$1" = restart ] || exit 64
starts "$2"
event "restart $2"`,
  curl: `
[ "$1 $2 $3 $4" = "--silent --max-time 5 --cacert" ] && [ -s "$5" ] || exit 64
[ ! -e "$WORLD/unready" ] || exit 7
printf ok
event "ready $6"`,
  sleep: `
[ -e "$WORLD/running/kube-apiserver" ] && rm -f "$WORLD/unready"
for stopped in "$WORLD"/stopped/*; do
  name=\${stopped##*/}
  [ -e "$stopped" ] && [ ! -e "$WORLD/lost/$name" ] || continue
  echo "$(cat "$stopped")+" >"$WORLD/running/$name"
  rm "$stopped"
  starts "$name"
done
echo "$1" >>"$WORLD/slept"`,
  mv: `
PATH=\${PATH#*:}
mv "$@"
last "$@"
event "replace \${last#"$TRISKEL_ROOT"}"`,
};

/** A running node. */
export interface RenewalNode {
  /** Runs the script on a file of these bytes, or gives it them as standard input; then time passes. */
  readonly apply: (bundle: Uint8Array, how?: 'file' | 'input') => Run;
  /** Runs the script with these arguments. */
  readonly run: (...args: string[]) => Run;
  /** What has happened since it was last asked: "replace <path>", "stop <container>", "restart <unit>", "ready <url>". */
  readonly events: () => string[];
  /** Every file below /etc, by its path: owner, permission bits and content. */
  readonly files: () => ReadonlyMap<string, string>;
  /** At that event the script gets that signal, once. */
  readonly killAt: (event: string, signal: 'KILL' | 'TERM') => void;
  /** A container that does not come back, or is not even there. */
  readonly lose: (container: string, when: 'now' | 'once stopped') => void;
  readonly find: (container: string) => void;
  /** The containers and units which read files that are no longer there. */
  readonly stale: () => string[];
  /** Seconds that the script slept. */
  readonly slept: () => number;
}

/** The node of the plan as the store filled it, all containers running. It goes when the test ends. */
export function renewalNode(plan: NodePlan, store: Store): RenewalNode {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-renewal-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const [root, world, programs] = [join(folder, 'root'), join(folder, 'world'), join(folder, 'programs')];
  const write = (path: string, content: string | Uint8Array, mode = 0o644): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, mode);
  };
  for (const [name, text] of Object.entries(PROGRAMS)) write(join(programs, name), `${EVENTS}${text}\n`, 0o755);
  const fill = fillFrom(store);
  const complete = ({ name, part }: Hole): never => {
    throw new Error(`nothing fills ${name}/${part}`);
  };
  for (const { path, mode, content } of plan.files) {
    if (findHoles(content).length === 0 && !/triskel\/(node|apply-renewal)$/.test(path)) continue;
    // A mode and an owner that nothing but the old file can tell; who is not root can only give to himself.
    const own = path.endsWith('.crt');
    write(join(root, path), fillHoles(content, fill, complete), own ? mode | 0o050 : mode);
    if (own && process.getuid?.() === 0) chownSync(join(root, path), 1234, 1234);
  }
  for (const name of ['running', 'stopped', 'lost', 'read']) mkdirSync(join(world, name), { recursive: true });
  const readers = plan.files.flatMap(({ restarts = [] }) => restarts);
  const env = { TRISKEL_ROOT: root, WORLD: world, PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  const pass = (): Run => run('sh', ['-c', 'sleep 0; sleep 0'], { env });
  for (const { kind, name } of readers) {
    if (kind === 'unit') run(join(programs, 'starts'), [name], { env });
    else write(join(world, 'stopped', name), `${name}-`);
  }
  pass();
  const taken = (name: string): string[] => {
    const path = join(world, name);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
    rmSync(path, { force: true });
    return lines;
  };
  taken('slept');
  return {
    apply: (bundle, how = 'file') => {
      const path = join(folder, 'bundle');
      writeFileSync(path, bundle);
      const line = how === 'file' ? 'exec "$0" "$1"' : 'exec "$0" - <"$1"';
      const ran = run('sh', ['-c', line, join(root, APPLY_RENEWAL), path], { env });
      const slept = existsSync(join(world, 'slept')) ? readFileSync(join(world, 'slept')) : '';
      pass();
      writeFileSync(join(world, 'slept'), slept);
      return ran;
    },
    run: (...args) => run(join(root, APPLY_RENEWAL), args, { env }),
    events: () => taken('events'),
    files: () => filesBelow(root),
    killAt: (event, signal) => {
      write(join(world, 'kill-at'), `${event}\n`);
      write(join(world, 'signal'), signal);
    },
    lose: (container, when) => {
      write(join(world, 'lost', container), '');
      if (when === 'now') rmSync(join(world, 'running', container));
    },
    find: (container) => {
      rmSync(join(world, 'lost', container));
      pass();
    },
    stale: () => {
      run(join(programs, 'starts'), ['now'], { env });
      const now = readFileSync(join(world, 'read', 'now'), 'utf8');
      return readdirSync(join(world, 'read')).filter((name) => readFileSync(join(world, 'read', name), 'utf8') !== now);
    },
    slept: () => taken('slept').reduce((sum, seconds) => sum + Number(seconds), 0),
  };
}

function filesBelow(root: string): Map<string, string> {
  const entries = readdirSync(join(root, 'etc'), { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, uid } = statSync(path);
      const text = entry.isDirectory() ? '' : readFileSync(path, 'utf8');
      return [path.slice(root.length), `${String(uid)} ${(mode & 0o7777).toString(8)} ${text}`];
    }),
  );
}
