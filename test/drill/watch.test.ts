/** What follows from what a watcher saw. */
import { describe, expect, test } from 'vitest';
import {
  answersSince,
  busyShare,
  counts,
  endOf,
  holdersAt,
  longestGap,
  parseWatch,
  readyAfterQuorum,
  twoOwners,
  unreadyAt,
  writesWithoutQuorum,
  type Seen,
} from '../../generator/drill/watch.ts';

const ALL = { from: 0, to: 100 };
/** Ten questions a second from 0 on, a letter each: `.` is answered at once, `x` never. */
const api = (text: string): Seen[] =>
  Array.from(text, (letter, index) => ({ kind: 'api', at: index / 10, ok: letter === '.', took: 0.02 }));
const looked = (node: string, at: number, serves: boolean, holds = serves): Seen => ({
  kind: 'node',
  at,
  done: at + 0.1,
  node,
  holds,
  serves,
  ready: serves,
});

describe('the API after etcd', () => {
  const acknowledged = (at: number): Seen => ({
    kind: 'ack',
    at,
    done: at + 0.5,
    node: 'cp0',
    key: `cp0/${String(at)}`,
  });

  test('is measured from the first write that was acknowledged to the first answer', () => {
    expect(readyAfterQuorum([acknowledged(0.1), ...api('xxxxxxxx..')], 0)).toBeCloseTo(0.22);
  });

  test('begins at the time that is given', () => {
    expect(readyAfterQuorum([acknowledged(0.1), acknowledged(0.4), ...api('..xxxxxxxxxxx.')], 0.3)).toBeCloseTo(0.42);
  });

  test('is unknown without an answer, or without a write', () => {
    expect(readyAfterQuorum([acknowledged(0.1), ...api('xxx')], 0)).toBeUndefined();
    expect(readyAfterQuorum(api('...'), 0)).toBeUndefined();
  });
});

describe('a gap', () => {
  test.each([
    ['none', '..........', 0],
    ['one', '..xxx.....', 320],
    ['the longest of several', '.x.xxxx.x.', 420],
  ])('%s', (_name, text, milliseconds) => {
    expect(longestGap(api(text), ALL)).toBe(milliseconds);
  });

  test('that does not end is infinite', () => {
    expect(longestGap(api('...xxx'), ALL)).toBe(Number.POSITIVE_INFINITY);
  });

  test('ends when the answer arrives, however long it took', () => {
    expect(longestGap([...api('.x'), { kind: 'api', at: 0.2, ok: true, took: 0.9 }], ALL)).toBe(1000);
  });

  test('counts within its span alone, in the order of the questions', () => {
    expect(longestGap([...api('xx........')].reverse(), { from: 0.5, to: 1 })).toBe(0);
    expect(counts(api('..xx'), { from: 0.1, to: 0.2 })).toEqual({ asked: 2, failed: 1 });
  });
});

test('answers count from the last failure on', () => {
  expect(answersSince(api('.x..'), ALL)).toBe(0.2);
  expect(answersSince(api('...x'), ALL)).toBeUndefined();
  expect(answersSince([], ALL)).toBeUndefined();
});

test('holders are those that were seen last', () => {
  const seen = [looked('a', 1, true), looked('b', 1, false), looked('a', 2, false), looked('b', 2, true)];
  expect(holdersAt(seen, 1.5)).toEqual(['a']);
  expect(holdersAt(seen, 3)).toEqual(['b']);
});

test('a node is unready while its own API server did not answer when it was last asked', () => {
  const seen = [looked('a', 1, false), looked('b', 1, true), looked('a', 2, true), looked('b', 2, true)];
  expect(unreadyAt(seen, 1.5)).toEqual(['a']);
  expect(unreadyAt(seen, 3)).toEqual([]);
});

describe('two owners that both serve', () => {
  test('are seen when one served before and after the other', () => {
    expect(twoOwners([looked('a', 1, true), looked('b', 1.3, true), looked('a', 1.6, true)], ALL)).toHaveLength(1);
  });

  test.each([
    ['one after the other', [looked('a', 1, true), looked('b', 1.3, true), looked('a', 1.6, false)]],
    ['one holds and does not serve', [looked('a', 1, true), looked('b', 1.3, false, true), looked('a', 1.6, true)]],
    ['overlapping looks say nothing', [looked('a', 1, true), looked('b', 1.05, true), looked('a', 1.6, true)]],
  ])('not: %s', (_name, seen) => {
    expect(twoOwners(seen, ALL)).toEqual([]);
  });
});

describe('writes without a quorum', () => {
  const ack = (node: string, at: number, done: number): Seen => ({ kind: 'ack', at, done, node, key: `${node}/1` });
  const without = [{ node: 'a', from: 10, to: 20 }];

  test('are told', () => {
    expect(writesWithoutQuorum([ack('a', 11, 12)], without)).toEqual(['a acknowledged a/1 at 00:00:11.000']);
  });

  test('are none before, after, over the edge, or by others', () => {
    const fine = [ack('a', 9, 9.5), ack('a', 9.9, 10.1), ack('a', 19, 20.5), ack('a', 21, 22), ack('b', 11, 12)];
    expect(writesWithoutQuorum(fine, without)).toEqual([]);
  });
});

test('lines are read as far as they are whole', () => {
  const seen = parseWatch(
    '{"kind":"busy","at":1,"share":0.2}\n{"kind":"busy","at":2,"share":0.4}\n{"kind":"end","missing":["a/1"],"read":1,"acknowledged":2}\n{"kind":"bu',
  );
  expect(busyShare(seen, ALL)).toBeCloseTo(0.3);
  expect(busyShare([], ALL)).toBe(0);
  expect(endOf(seen)?.missing).toEqual(['a/1']);
});
