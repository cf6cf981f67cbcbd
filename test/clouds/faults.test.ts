/**
 * A fault at every call of a boot and of a destruction, and a process that ends at every call: running again comes to the same end,
 * with nothing twice and nothing lost. TRISKEL_FAULTS=all tries every fault at every call; else each call has one of them. The real
 * services have their turn in test/openstack-lab/faults.test.ts.
 */
import { TransportError, type Transport } from 'openstack-client-lite';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { atCall, FAULTS, faulty } from '../support/openstack/faults.ts';
import { BootedCloud, clusterWith, expectConverged, withReservedAddress } from './booted.ts';

vi.setConfig({ testTimeout: 900_000 });

const isAll = process.env['TRISKEL_FAULTS'] === 'all';
const cluster = withReservedAddress(clusterWith());

function newPlace(): BootedCloud {
  const place = new BootedCloud();
  place.reserve('10.47.40.33');
  return place;
}

/** Calls of a whole boot, and all that is there after it. */
let calls = 0;
let whole: readonly string[] = [];
/** What is there without it. */
let empty: readonly string[] = [];

beforeAll(async () => {
  const place = newPlace();
  // A project's default security group is there as soon as somebody looks.
  await place.cloud().network.securityGroups.list();
  empty = place.inventory();
  const counting = faulty(place.memory.transport);
  await place.boot(cluster, { transport: counting.transport });
  calls = counting.calls();
  await expectConverged(place, cluster);
  whole = place.inventory();
});

test('a boot takes as many calls as one can try', () => {
  expect(calls).toBeGreaterThan(50);
  expect(calls).toBeLessThan(400);
  expect(whole.length).toBeGreaterThan(30);
});

describe.each(FAULTS.map((fault, index) => ({ fault, index })))('$fault', ({ fault, index }) => {
  test('at a call of a boot: running again comes to the same, without twins or orphans', async () => {
    for (let at = 1; at <= calls; at++) {
      if (!isAll && at % FAULTS.length !== index) continue;
      const place = newPlace();
      await place.boot(cluster, { transport: faulty(place.memory.transport, atCall(at, fault)).transport });
      await expectConverged(place, cluster);
      expect({ at, there: place.inventory() }).toEqual({ at, there: whole });
    }
  });

  test('at a call of a destruction: running again leaves nothing', async () => {
    const measured = newPlace();
    await measured.boot(cluster);
    const counting = faulty(measured.memory.transport);
    await measured.destroy(cluster, { transport: counting.transport });
    expect(measured.inventory()).toEqual(empty);
    for (let at = 1; at <= counting.calls(); at++) {
      if (!isAll && at % (3 * FAULTS.length) !== index) continue;
      const place = newPlace();
      await place.boot(cluster);
      await place.destroy(cluster, { transport: faulty(place.memory.transport, atCall(at, fault)).transport });
      expect((await place.destroy(cluster)).errors).toEqual([]);
      expect({ at, there: place.inventory() }).toEqual({ at, there: empty });
    }
  });
});

test.each([
  ['before it arrives', false],
  ['before its answer', true],
])('a process that ends at a call, %s: the next one goes on from there', async (_when, arrives) => {
  for (let at = arrives ? 1 : 2; at <= calls; at += isAll ? 1 : 6) {
    const place = newPlace();
    await place.boot(cluster, { transport: ending(place.memory.transport, at, arrives) });
    await expectConverged(place, cluster);
    expect({ at, there: place.inventory() }).toEqual({ at, there: whole });
  }
});

/** Nothing is heard any more from this call on, and nothing arrives after it. */
function ending(transport: Transport, at: number, arrives: boolean): Transport {
  let count = 0;
  return async (request) => {
    count++;
    if (count === at && arrives) await transport(request);
    if (count >= at) throw new TransportError('aborted', 'the process is gone', true);
    return transport(request);
  };
}
