import type { Cluster } from '../cluster/cluster.ts';
import { apiMover, type DrillName } from './drills.ts';
import type { Timers } from './timers.ts';

/** How long a gap can become by the timers of the configurations, in milliseconds, and what it is the sum of. */
export interface Prediction {
  readonly milliseconds: number;
  readonly because: string;
}

/** A client that asks ten times a second sees a gap so much longer: up to a question before, and one that is under way. */
const CLIENT = 0.2;
/** Starting a program, electing a leader or moving an address, once it is decided. */
const START = 1;

/** A part of a gap: seconds, and what passes. */
type Part = readonly [seconds: number, what: string];

/** Undefined: the timers say nothing of this drill, or the gap is not bounded by them. */
export function predict(drill: DrillName, cluster: Cluster, timers: Timers): Prediction | undefined {
  const parts = partsOf(drill, cluster, timers);
  if (parts === undefined) return undefined;
  const all: readonly Part[] = [...parts, [CLIENT, 'the client']];
  const seconds = all.reduce((sum, [each]) => sum + each, 0);
  const because = all.map(([each, what]) => `${what} ${each.toFixed(1)} s`).join(' + ');
  return { milliseconds: Math.round(seconds * 1000), because };
}

function partsOf(drill: DrillName, cluster: Cluster, timers: Timers): readonly Part[] | undefined {
  switch (drill) {
    case 'api-killed':
      return apiKilled(cluster, timers);
    case 'haproxy-killed':
      return haproxyKilled(timers);
    case 'mover-killed':
      return moverKilled(timers);
    case 'node-killed':
    case 'node-cut':
      return nodeLost(cluster, timers);
    default:
      return undefined;
  }
}

/** haproxy tries another server at once where the connection is refused; without haproxy the address has to move. */
function apiKilled(cluster: Cluster, timers: Timers): readonly Part[] | undefined {
  if (cluster.endpoint.balancer === 'haproxy') return leftByHaproxy(timers);
  return apiLeft(timers);
}

/** Without a balancer: the check fails and the address moves, or the API server is started again, whichever is later. What was killed refuses connections, so that a check fails at once. */
function apiLeft(timers: Timers): readonly Part[] | undefined {
  const { script, monitor } = timers;
  if (monitor !== undefined)
    return [
      [monitor, 'Pacemaker’s check of the API'],
      [START, 'what it decides'],
      [START, 'the address'],
    ];
  const moved = movedByVrrp(timers);
  return script === undefined || moved === undefined
    ? undefined
    : [[script.interval * script.fall, 'the check'], ...moved];
}

/** A connection that is refused is tried again at another server (haproxy, "option redispatch"), after a second at most. */
function leftByHaproxy({ connect }: Timers): readonly Part[] | undefined {
  return connect === undefined ? undefined : [[Math.min(connect, 1), 'a connection tried again']];
}

/** Whichever is first: haproxy starts again, or keepalived's check fails and the address moves. */
function haproxyKilled(timers: Timers): readonly Part[] | undefined {
  const { check, script } = timers;
  if (check === undefined) return undefined;
  const restart = timers.restart['haproxy.service'] ?? 0.1;
  // A new haproxy takes servers for well until its checks say otherwise, so that it serves at once.
  const again: readonly Part[] = [[restart + START, 'haproxy starts again']];
  const moved = movedByVrrp(timers);
  if (script === undefined || moved === undefined) return again;
  const left: readonly Part[] = [[script.interval * script.fall + script.timeout, 'keepalived’s check'], ...moved];
  return total(again) <= total(left) ? again : left;
}

/** The holder's address stays until keepalived starts again, which takes it off; another takes it after three adverts. */
function moverKilled(timers: Timers): readonly Part[] | undefined {
  if (timers.corosync !== undefined) return corosyncKilled(timers);
  const restart = timers.restart['keepalived.service'] ?? 0;
  return movedByVrrp(timers)?.map(([seconds, what], index) =>
    index === 0
      ? [seconds - restart, `${what}, less the ${String(restart)} s until keepalived starts again`]
      : [seconds, what],
  );
}

/** corosync is there again before the others miss the token; Pacemaker, which ended with it, takes the address off and moves it. */
function corosyncKilled(timers: Timers): readonly Part[] | undefined {
  const restart = timers.restart['corosync.service'];
  if (timers.corosync === undefined || restart === undefined || restart + START > timers.corosync.token)
    return lostByCorosync(timers);
  return [[START * 2, 'Pacemaker takes the address off and moves it']];
}

/**
 * The address moves, and etcd elects another leader if the lost node had it: they begin together, and the later one counts.
 * haproxy gives a share of connections to the lost server until its checks fail; the next question goes to another.
 */
function nodeLost(cluster: Cluster, timers: Timers): readonly Part[] | undefined {
  const moved = timers.corosync === undefined ? movedByVrrp(timers) : lostByCorosync(timers);
  if (moved === undefined && apiMover(cluster) !== undefined) return undefined;
  // Followers wait for one to two election time-outs.
  const election: readonly Part[] = [
    [timers.election * 2, 'etcd’s election time-out'],
    [START, 'the vote'],
  ];
  return moved !== undefined && total(moved) >= total(election) ? moved : election;
}

/** RFC 9568, 6.1: Active_Down_Interval = 3 × Advertisement_Interval + Skew_Time; the skew is that of the lowest priority. */
function movedByVrrp({ vrrp }: Timers): readonly Part[] | undefined {
  if (vrrp === undefined) return undefined;
  const skew = ((256 - vrrp.lowestPriority) / 256) * vrrp.advert;
  return [
    [3 * vrrp.advert + skew, 'three adverts and the skew'],
    [START, 'the address'],
  ];
}

/** Pacemaker's controller pauses for a second where it has just written of a node that left, or has been elected to decide. */
function lostByCorosync({ corosync }: Timers): readonly Part[] | undefined {
  if (corosync === undefined) return undefined;
  return [
    [corosync.token, 'the token'],
    [corosync.consensus, 'the consensus'],
    [START, 'Pacemaker’s pause'],
    [START, 'what it decides'],
    [START, 'the address'],
  ];
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, [seconds]) => sum + seconds, 0);
}
