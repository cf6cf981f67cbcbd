import type { DrillName } from '../drill/drills.ts';
import { targetOf } from '../drill/drills.ts';
import { predict } from '../drill/predictions.ts';
import { judged, type DrillResult } from '../drill/report.ts';
import { busyShare, counts, longestGap, readyAfterQuorum, type Span } from '../drill/watch.ts';
import { epochSeconds, pause } from '../host/clock.ts';
import { replacementSteps } from '../upgrade/replacement.ts';
import type { Bench } from './drill-bench.ts';
import { runSteps } from './replace.ts';

/** Seconds for which the API is watched after a fault at least, and at most. */
const PROCESS_WATCH = 8;
const NODE_WATCH = 20;
const LONGEST_WATCH = 120;
/** Seconds that the API may take from etcd's quorum on. */
const READY_AFTER_QUORUM = 30;
/** Seconds before a fault that belong to what is watched. */
const BEFORE = 0.3;

/** Nodes boot from nothing in this order, all at once but for the last, which is late. */
export async function coldStart(bench: Bench, order: readonly string[], late: number): Promise<DrillResult> {
  const began = epochSeconds();
  const [last = '', ...others] = [...order].reverse();
  bench.context.event(`cold-start: boots ${[...others].reverse().join(', ')}, and ${last} ${String(late)} s later`, {
    event: 'boot',
    order,
    late: { [last]: late },
  });
  for (const name of [...others].reverse()) await bench.machine(name).start();
  await pause(late * 1000);
  const before = bench.seen().find((each) => each.kind === 'api' && each.ok);
  await bench.machine(last).start();
  const why = await bench.well(began);
  const answered = bench.seen().find((each) => each.kind === 'api' && each.ok);
  const notes = [
    `in the order ${order.join(', ')}, ${last} ${String(late)} s late`,
    before?.kind === 'api'
      ? `the API answered ${(before.at - began).toFixed(1)} s after power-on, without ${last}`
      : `the API did not answer before ${last} was on`,
    ...(before === undefined && answered?.kind === 'api'
      ? [`the API answered ${(answered.at - began).toFixed(1)} s after power-on`]
      : []),
    ...(why === undefined
      ? [
          `well ${(epochSeconds() - began).toFixed(1)} s after power-on: the API answers at the endpoint without a pause`,
          ...(bench.cluster.controlPlane.runs === 'k3s'
            ? []
            : [`etcd takes writes on each of ${String(bench.cluster.etcdNodes.length)} members, over TLS`]),
          ...(bench.mover === undefined ? [] : [`the virtual IP is on ${bench.holder()} alone`]),
        ]
      : [why]),
  ];
  return withQuorum(bench, { drill: 'cold-start', state: why === undefined ? 'passed' : 'failed', notes }, began);
}

/** How each drill but the cold start is run, from a cluster that is well. */
export const RUN: Readonly<Record<DrillName, (bench: Bench) => Promise<DrillResult>>> = {
  'cold-start': (bench) => coldStart(bench, bench.nodes, 0),
  'api-killed': (bench) =>
    unitKilled(bench, 'api-killed', bench.cluster.controlPlane.runs === 'k3s' ? 'k3s' : 'kube-apiserver'),
  'haproxy-killed': (bench) => unitKilled(bench, 'haproxy-killed', 'haproxy'),
  'mover-killed': (bench) => unitKilled(bench, 'mover-killed', bench.mover === 'pacemaker' ? 'corosync' : 'keepalived'),
  'node-killed': (bench) =>
    nodeLost(bench, 'node-killed', {
      lose: (node) => bench.machine(node).kill(),
      back: (node) => bench.machine(node).start(),
    }),
  'node-cut': (bench) =>
    nodeLost(bench, 'node-cut', {
      lose: (node) => bench.machine(node).cut(),
      back: (node) => bench.machine(node).heal(),
    }),
  'all-but-one-killed': allButOneKilled,
  'all-rebooted': allRebooted,
  'node-replaced': nodeReplaced,
};

async function unitKilled(bench: Bench, drill: DrillName, unit: string): Promise<DrillResult> {
  const node = bench.holder();
  const from = epochSeconds() - BEFORE;
  await bench.machine(node).run('systemctl', 'kill', '--signal=KILL', `${unit}.service`);
  const span = await bench.answered(from, PROCESS_WATCH, LONGEST_WATCH);
  return withHealth(bench, measured(bench, drill, node, span));
}

async function nodeLost(
  bench: Bench,
  drill: DrillName,
  { lose, back }: Readonly<Record<'lose' | 'back', (node: string) => Promise<void>>>,
): Promise<DrillResult> {
  const node = bench.holder();
  const from = epochSeconds() - BEFORE;
  await lose(node);
  const lost = epochSeconds();
  const span = await bench.answered(from, NODE_WATCH, LONGEST_WATCH);
  const result = measured(bench, drill, node, span);
  const returned = epochSeconds();
  // Cut off, it is alone from the first moment on.
  if (drill === 'node-cut') bench.hadNoQuorum(node, lost);
  await back(node);
  const after = await withHealth(bench, result, returned);
  return { ...after, gapOnReturn: finite(longestGap(bench.seen(), { from: returned - BEFORE, to: epochSeconds() })) };
}

/** The survivor has no quorum, and must not act as if it had. */
async function allButOneKilled(bench: Bench): Promise<DrillResult> {
  const survivor = bench.holder();
  const others = bench.nodes.filter((name) => name !== survivor);
  await Promise.all(others.map((name) => bench.machine(name).kill()));
  const killed = epochSeconds();
  await pause(NODE_WATCH * 1000);
  const ended = epochSeconds();
  // What etcd has of the others' last messages it may still act on for one election.
  const { asked, failed } = counts(bench.seen(), { from: killed + bench.timers.election * 2, to: ended - 1.5 });
  bench.hadNoQuorum(survivor, killed);
  await Promise.all(others.map((name) => bench.machine(name).start()));
  const started = epochSeconds();
  const why = await bench.well(started);
  const answered = firstAnswer(bench, started);
  const notes = [
    `alone, ${survivor} was asked ${String(asked)} times and was ready ${String(asked - failed)} times`,
    ...(answered === undefined ? [] : [`the API answered ${answered} s after the others were switched on again`]),
    ...(why === undefined ? [] : [why]),
  ];
  const state = asked === failed && asked > 0 && why === undefined ? 'passed' : 'failed';
  return withQuorum(bench, { drill: 'all-but-one-killed', node: others.join(', '), state, notes }, started);
}

async function allRebooted(bench: Bench): Promise<DrillResult> {
  const began = epochSeconds();
  await Promise.all(bench.nodes.map((name) => bench.machine(name).run('systemctl', 'reboot')));
  // It takes a moment until they are down.
  await pause(5000);
  const why = await bench.well(epochSeconds());
  const gap = finite(longestGap(bench.seen(), { from: began, to: epochSeconds() }));
  return {
    drill: 'all-rebooted',
    state: why === undefined ? 'passed' : 'failed',
    gap,
    notes: why === undefined ? [] : [why],
  };
}

async function nodeReplaced(bench: Bench): Promise<DrillResult> {
  const holder = bench.holder();
  const node = bench.cluster.etcdNodes.find(({ name }) => name !== holder) ?? bench.cluster.etcdNodes[0];
  if (node === undefined) throw new Error('a cluster without etcd');
  const machine = bench.machine(node.name);
  const from = epochSeconds() - BEFORE;
  await machine.reset();
  const before = machine.console().length;
  await machine.start();
  const refused = await until(() => machine.console().slice(before).includes(`triskel replace ${node.name}`), 240);
  const guarded = refused
    ? 'its guard kept etcd off until it was replaced'
    : 'its guard did not ask for `triskel replace`';
  const wrote = bench.seen().some((each) => each.kind === 'ack' && each.node === node.name && each.at > from + 2);
  const steps = replacementSteps(bench.cluster, node);
  const failed = refused
    ? await runSteps(steps.value ?? [], new Map(bench.nodes.map((name) => [name, bench.machine(name)])), bench.context)
    : [];
  const why = await bench.well(epochSeconds());
  const gap = finite(longestGap(bench.seen(), { from, to: epochSeconds() }));
  const notes = [
    guarded,
    ...(wrote && !refused ? ['it took writes before it was replaced'] : []),
    ...failed.map(({ message }) => message),
    ...(why === undefined ? [] : [why]),
  ];
  const passed = refused && failed.length === 0 && why === undefined;
  return { drill: 'node-replaced', node: node.name, state: passed ? 'passed' : 'failed', gap, notes };
}

function measured(bench: Bench, drill: DrillName, node: string, span: Span): DrillResult {
  const seen = bench.seen();
  const gap = finite(longestGap(seen, span));
  const bounds = {
    prediction: predict(drill, bench.cluster, bench.timers),
    target: targetOf(drill, bench.cluster),
    busy: busyShare(seen, span),
  };
  return { drill, node, gap, ...bounds, ...judged(gap, bounds) };
}

/** The same result, once the cluster is well again; that it is not is a failure, too. */
async function withHealth(bench: Bench, result: DrillResult, since?: number): Promise<DrillResult> {
  const why = await bench.well(since);
  return why === undefined
    ? result
    : { ...result, state: 'failed', notes: [...result.notes, `not well afterwards: ${why}`] };
}

/** The same result with how long the API took from etcd's quorum on; too long is a failure. */
function withQuorum(bench: Bench, result: DrillResult, since: number): DrillResult {
  const seconds = readyAfterQuorum(bench.seen(), since);
  if (seconds === undefined) return result;
  const note = `the API answered ${seconds.toFixed(1)} s after etcd had a quorum, of at most ${String(READY_AFTER_QUORUM)} s`;
  const state = seconds > READY_AFTER_QUORUM ? 'failed' : result.state;
  return { ...result, state, notes: [...result.notes, note] };
}

function firstAnswer(bench: Bench, since: number): string | undefined {
  const found = bench.seen().find((each) => each.kind === 'api' && each.ok && each.at > since);
  return found?.kind === 'api' ? (found.at - since).toFixed(1) : undefined;
}

async function until(isSo: () => boolean, seconds: number): Promise<boolean> {
  const end = epochSeconds() + seconds;
  while (!isSo()) {
    if (epochSeconds() > end) return false;
    await pause(500);
  }
  return true;
}

function finite(milliseconds: number): number | null {
  return Number.isFinite(milliseconds) ? milliseconds : null;
}
