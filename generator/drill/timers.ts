import type { NodePlan } from '../nodeplan/nodeplan.ts';

/** The timers that decide how long a failure is felt, in seconds, as the configurations of one node have them. */
export interface Timers {
  /** haproxy asks each API server so often, and leaves it after so many failures; a check takes so long at most. */
  readonly check: { readonly interval: number; readonly fall: number; readonly timeout: number } | undefined;
  /** haproxy gives up a connection to a server after this long, and tries another. */
  readonly connect: number | undefined;
  /** keepalived: seconds between adverts, and the lowest priority of a holder. */
  readonly vrrp: { readonly advert: number; readonly lowestPriority: number } | undefined;
  /** keepalived's check of what it leads to. */
  readonly script: { readonly interval: number; readonly fall: number; readonly timeout: number } | undefined;
  /** corosync: a node is lost after the token's time and the consensus that follows. */
  readonly corosync: { readonly token: number; readonly consensus: number } | undefined;
  /** Pacemaker asks the API on a node so often; a connection that is refused is enough. */
  readonly monitor: number | undefined;
  /** etcd's followers elect another leader after at most twice this. */
  readonly election: number;
  /** Units start again after so long. */
  readonly restart: Readonly<Record<string, number>>;
}

/** Where configurations lie on a node. */
const HAPROXY = /haproxy\.cfg$/;
const KEEPALIVED = /keepalived\.conf$/;
const COROSYNC = /corosync\.conf$/;
const PACEMAKER = /pacemaker\.xml$/;

/** systemd's own default (systemd.service(5), RestartSec=). */
const DEFAULT_RESTART = 0.1;

/** Reads the timers out of what is generated for the nodes that hold virtual IPs. */
export function timersOf(plans: readonly NodePlan[]): Timers {
  const text = (pattern: RegExp): string =>
    plans.flatMap(({ files }) => files).find(({ path }) => pattern.test(path))?.content ?? '';
  const [haproxy, keepalived, corosync] = [text(HAPROXY), text(KEEPALIVED), text(COROSYNC)];
  const all = plans
    .flatMap(({ files }) => files)
    .map(({ content }) => content)
    .join('\n');
  const units = plans.flatMap(({ units: own, dropIns }) => [
    ...own,
    // A drop-in that does not speak of it leaves it as it is.
    ...dropIns.flatMap(({ unit, content }) => (/^RestartSec=/m.test(content) ? { name: unit, content } : [])),
  ]);
  const everything = `${all}\n${units.map(({ content = '' }) => content).join('\n')}`;
  const priorities = plans.flatMap(({ files }) =>
    files
      .filter(({ path }) => KEEPALIVED.test(path))
      .flatMap(({ content }) => [...content.matchAll(/^\s*priority (\d+)/gm)].map(([, n]) => Number(n))),
  );
  const advert = number(/advert_int ([\d.]+)/, keepalived);
  const interval = number(/\binter ([\d.]+)s/, haproxy);
  const scriptInterval = number(/\binterval ([\d.]+)/, keepalived);
  const token = number(/\btoken: (\d+)/, corosync);
  return {
    check:
      interval === undefined
        ? undefined
        : {
            interval,
            fall: number(/\bfall (\d+)/, haproxy) ?? 3,
            timeout: number(/timeout check ([\d.]+)s/, haproxy) ?? interval,
          },
    connect: number(/timeout connect ([\d.]+)s/, haproxy),
    vrrp: advert === undefined ? undefined : { advert, lowestPriority: Math.min(...priorities) },
    script:
      scriptInterval === undefined
        ? undefined
        : {
            interval: scriptInterval,
            fall: number(/\bfall (\d+)/, keepalived) ?? 1,
            timeout: number(/\btimeout ([\d.]+)/, keepalived) ?? scriptInterval,
          },
    // corosync.conf(5): consensus is 1.2 times the token where it is not said.
    corosync:
      token === undefined
        ? undefined
        : { token: token / 1000, consensus: (number(/\bconsensus: (\d+)/, corosync) ?? token * 1.2) / 1000 },
    monitor: number(/<op id="APIHealth-monitor[^"]*" name="monitor" interval="(\d+)s/, text(PACEMAKER)),
    election: (number(/--election-timeout=(\d+)/, everything) ?? 1000) / 1000,
    restart: Object.fromEntries(
      units.flatMap(({ name, content }) =>
        content === undefined ? [] : [[name, number(/^RestartSec=([\d.]+)/m, content) ?? DEFAULT_RESTART]],
      ),
    ),
  };
}

function number(pattern: RegExp, text: string): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
