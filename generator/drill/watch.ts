/** What the watcher saw while a cluster was broken (generator/lab/watch.py has its lines), and what follows from it. Times are seconds since 1970. */

interface ApiSeen {
  readonly kind: 'api';
  readonly at: number;
  readonly ok: boolean;
  readonly took: number;
}

interface NodeSeen {
  readonly kind: 'node';
  readonly at: number;
  readonly done: number;
  readonly node: string;
  readonly holds: boolean;
  readonly serves: boolean;
  /** Its own API server answers; true where it has none. */
  readonly ready: boolean;
}

interface Acknowledged {
  readonly kind: 'ack';
  readonly at: number;
  readonly done: number;
  readonly node: string;
  readonly key: string;
}

interface Busy {
  readonly kind: 'busy';
  readonly at: number;
  /** Of the second before it, in which programs of the nodes waited for a processor. */
  readonly share: number;
}

interface End {
  readonly kind: 'end';
  /** Null: nobody answered any more. */
  readonly missing: readonly string[] | null;
  readonly read: number;
  readonly acknowledged: number;
}

/** One line of the watcher. */
export type Seen = ApiSeen | NodeSeen | Acknowledged | Busy | End;

/** From when to when, both inclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A span in which a node is known to have no quorum of etcd. */
export interface WithoutQuorum extends Span {
  readonly node: string;
}

/** The watcher's whole lines, the last of which may not be written yet. */
export function parseWatch(text: string): Seen[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Seen);
}

/** The questions that a client asked, in their order: it asks the next before the last is answered. */
function questions(seen: readonly Seen[], { from, to }: Span): ApiSeen[] {
  const asked = seen.filter((each) => each.kind === 'api').filter(({ at }) => at >= from && at <= to);
  return asked.sort((a, b) => a.at - b.at);
}

/**
 * The longest time within a span without an answer, in milliseconds: from the first question that was not answered to the
 * next answer's arrival. 0: all were answered. Infinite: none came before the span's end.
 */
export function longestGap(seen: readonly Seen[], span: Span): number {
  let longest = 0;
  let began: number | undefined;
  for (const { at, ok, took } of questions(seen, span)) {
    if (!ok) began ??= at;
    else if (began !== undefined) {
      longest = Math.max(longest, at + took - began);
      began = undefined;
    }
  }
  return began === undefined ? Math.round(longest * 1000) : Number.POSITIVE_INFINITY;
}

/** Since when every question has been answered; undefined while the last one was not, or none was asked. */
export function answersSince(seen: readonly Seen[], span: Span): number | undefined {
  const asked = questions(seen, span);
  const failed = asked.findLastIndex(({ ok }) => !ok);
  return asked[failed + 1]?.at;
}

/** How many questions were asked and how many were not answered. */
export function counts(seen: readonly Seen[], span: Span): { readonly asked: number; readonly failed: number } {
  const asked = questions(seen, span);
  return { asked: asked.length, failed: asked.filter(({ ok }) => !ok).length };
}

/**
 * Seconds from etcd's quorum, which the first acknowledged write of a cluster shows that had none at this time, to the API's first answer;
 * undefined while either is missing. 0: the API was first, with a write of its own.
 */
export function readyAfterQuorum(seen: readonly Seen[], since: number): number | undefined {
  const quorum = seen.find((each) => each.kind === 'ack' && each.at >= since);
  const ready = seen.find((each) => each.kind === 'api' && each.ok && each.at >= since);
  if (quorum?.kind !== 'ack' || ready?.kind !== 'api') return undefined;
  return Math.max(0, ready.at + ready.took - quorum.done);
}

/** The nodes that hold a virtual IP, as they were last seen before a time. */
export function holdersAt(seen: readonly Seen[], time: number): string[] {
  return nodesAt(seen, time, ({ holds }) => holds);
}

/** The nodes whose own API server did not answer when it was last asked before a time. */
export function unreadyAt(seen: readonly Seen[], time: number): string[] {
  return nodesAt(seen, time, ({ ready }) => !ready);
}

function nodesAt(seen: readonly Seen[], time: number, wanted: (seen: NodeSeen) => boolean): string[] {
  const last = new Map<string, NodeSeen>();
  for (const each of seen) if (each.kind === 'node' && each.done <= time) last.set(each.node, each);
  return [...last.values()]
    .filter(wanted)
    .map(({ node }) => node)
    .sort();
}

/** The share of a span in which programs of the nodes waited for a processor, 0 to 1; 0 where the kernel does not say. */
export function busyShare(seen: readonly Seen[], { from, to }: Span): number {
  const shares = seen.flatMap((each) => (each.kind === 'busy' && each.at >= from && each.at <= to ? each.share : []));
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/**
 * Times at which two nodes both held a virtual IP and served the API there: one of them was seen to serve before and after
 * the other one was.
 */
export function twoOwners(seen: readonly Seen[], { from, to }: Span): string[] {
  const serving = new Map<string, NodeSeen[]>();
  for (const each of seen) {
    if (each.kind !== 'node' || each.at < from || each.at > to) continue;
    serving.set(each.node, [...(serving.get(each.node) ?? []), each]);
  }
  const found: string[] = [];
  for (const [node, own] of serving) {
    for (const [index, before] of own.entries()) {
      const after = own[index + 1];
      if (!before.serves || after?.serves !== true) continue;
      for (const [other, others] of serving) {
        const between = others.find(({ at, done, serves }) => serves && at > before.done && done < after.at);
        if (other !== node && between !== undefined) found.push(`${node} and ${other} at ${clock(between.at)}`);
      }
    }
  }
  return found;
}

/** Writes that a node without a quorum acknowledged: they were asked for and answered while it had none. */
export function writesWithoutQuorum(seen: readonly Seen[], without: readonly WithoutQuorum[]): string[] {
  return seen.flatMap((each) => {
    if (each.kind !== 'ack') return [];
    const span = without.find(({ node, from, to }) => node === each.node && each.at > from && each.done < to);
    return span === undefined ? [] : [`${each.node} acknowledged ${each.key} at ${clock(each.at)}`];
  });
}

/** What became of the acknowledged writes; undefined until the watcher has ended. */
export function endOf(seen: readonly Seen[]): End | undefined {
  return seen.find((each) => each.kind === 'end');
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 23);
}
