/**
 * A fault at every call of a boot, in every way in which calls fail, and a process that ends at every call: the next boots come to
 * the same end, with nothing twice and nothing lost. All on the cloud in memory, whose answers are held to the real services'.
 */
import { TransportError, type Transport } from 'openstack-client-lite';
import { beforeAll, describe, expect, test } from 'vitest';
import { bootOnce, lbaasOnLab, reserveAddress, type Booted, type OnLab } from '../support/openstack/booting.ts';
import { FAULTS, faulty } from '../support/openstack/faults.ts';
import { memoryCloud, type MemoryCloud } from '../support/openstack/memory/cloud.ts';
import { KINDS } from '../support/openstack/memory/world.ts';
import { virtualClock } from '../support/openstack/virtual-clock.ts';

let given: OnLab;
let calls = 0;
/** What is there when nothing went wrong. */
let whole: readonly string[] = [];

interface Place {
  readonly cloud: MemoryCloud;
  /** One boot; `through` is between it and the cloud. */
  readonly boot: (through?: (transport: Transport) => Transport) => Promise<Booted>;
}

function place(): Place {
  const clock = virtualClock();
  const cloud = memoryCloud({ clock });
  reserveAddress(cloud, '10.47.40.33');
  const { authUrl } = cloud;
  return {
    cloud,
    boot: (through = (same) => same) => bootOnce(given, { authUrl, clock, transport: through(cloud.transport) }),
  };
}

/** Everything that is there, without what differs from run to run. */
function inventory({ world }: MemoryCloud): string[] {
  return KINDS.flatMap((kind) =>
    world
      .all(kind)
      .map(
        (row) =>
          `${kind} ${String(row['name'])} ${String(row['description'])} ${String(row['status'] ?? row['provisioning_status'])}`,
      ),
  )
    .map((line) => line.replace(/-[0-9a-f]{8}-[0-9a-f-]{27}/, ''))
    .sort();
}

/** Boots until nothing is left to do, at most so many times. */
async function converge({ boot }: Place): Promise<number> {
  for (let boots = 1; boots <= 4; boots++) if ((await boot()).changes.length === 0) return boots;
  return Infinity;
}

beforeAll(async () => {
  given = await lbaasOnLab();
  const quiet = place();
  let counted = (): number => 0;
  await quiet.boot((transport) => {
    const counting = faulty(transport);
    counted = counting.calls;
    return counting.transport;
  });
  calls = counted();
  whole = inventory(quiet.cloud);
}, 60_000);

describe('a boot on OpenStack', () => {
  test('takes as many calls as one can try', () => {
    expect(calls).toBeGreaterThan(80);
    expect(calls).toBeLessThan(400);
    expect(whole.length).toBeGreaterThan(30);
  });

  test.each(FAULTS)('%s at every call', { timeout: 600_000 }, async (fault) => {
    for (let at = 1; at <= calls; at++) {
      const tried = place();
      await tried.boot((transport) => faulty(transport, at, fault).transport).catch(() => undefined);
      expect(await converge(tried), `boots after a fault at call ${String(at)}`).toBeLessThan(5);
      expect({ at, there: inventory(tried.cloud) }).toEqual({ at, there: whole });
    }
  });

  test.each([
    ['before', false],
    ['after', true],
  ])('a process that ends %s every call', { timeout: 600_000 }, async (_when, isDone) => {
    for (let at = 1; at <= calls; at++) {
      const tried = place();
      await tried.boot((transport) => ending(transport, at, isDone)).catch(() => undefined);
      expect(await converge(tried), `boots after a fault at call ${String(at)}`).toBeLessThan(5);
      expect({ at, there: inventory(tried.cloud) }).toEqual({ at, there: whole });
    }
  });
});

/** Nothing arrives any more from this call on, or from the one after it. */
function ending(transport: Transport, at: number, isDone: boolean): Transport {
  let calls = 0;
  return async (request) => {
    calls++;
    if (calls === at && isDone) await transport(request);
    if (calls >= at) throw new TransportError('aborted', 'the process has ended', false);
    return await transport(request);
  };
}
