/** The client alone, with nobody behind it who converges: what a fault at any call leaves behind. */
import { connect, CloudError, type Cloud } from 'openstack-client-lite';
import { describe, expect, test } from 'vitest';
import { atCall, FAULTS, faulty, type Choose } from '../support/openstack/faults.ts';
import { loginOf } from '../support/openstack/login.ts';
import { memoryCloud, type MemoryCloud } from '../support/openstack/memory/cloud.ts';
import { virtualClock } from '../support/openstack/virtual-clock.ts';

interface Place {
  readonly memory: MemoryCloud;
  readonly cloud: Cloud;
  readonly calls: () => number;
}

function place(choose?: Choose): Place {
  const clock = virtualClock();
  const memory = memoryCloud({ clock });
  const { transport, calls } = faulty(memory.transport, choose);
  return { memory, calls, cloud: connect({ authUrl: memory.authUrl, auth: loginOf('demo'), transport, clock }) };
}

const MARK = 'mine';

/** A network with a port, each found again by its mark. */
async function make({ network: { networks, ports } }: Cloud): Promise<void> {
  const network = await networks.create(
    { description: MARK },
    { existing: async () => (await networks.list({ description: MARK }))[0] },
  );
  await ports.create(
    { network_id: network.id, description: MARK },
    { existing: async () => (await ports.list({ description: MARK }))[0] },
  );
}

const left = ({ memory: { world } }: Place): number[] =>
  (['network', 'port'] as const).map((kind) => world.all(kind).filter((row) => row['description'] === MARK).length);

describe('a fault at every call', () => {
  const calls = 3;
  const cases = FAULTS.flatMap((fault) => Array.from({ length: calls }, (_, index) => [index + 1, fault] as const));

  test('there are as many calls as are tried', async () => {
    const whole = place();
    await make(whole.cloud);
    expect(whole.calls()).toBe(calls);
  });

  test.each(cases)('at call %d: %s', async (at, fault) => {
    const whole = place(atCall(at, fault));
    await make(whole.cloud);
    expect(left(whole)).toEqual([1, 1]);
  });

  test.each(FAULTS)('without a look for what was made, %s says whether something may have been', async (fault) => {
    const whole = place(atCall(2, fault));
    const error = await whole.cloud.network.networks.create({ description: MARK }).catch((reason: unknown) => reason);
    // Of too many requests nothing was done, so that the call could be made again.
    if (fault === 'busy') expect(error).not.toBeInstanceOf(CloudError);
    else expect(error).toMatchObject({ mayHaveHappened: true });
    expect(left(whole)[0]).toBe(fault === 'busy' || fault === 'reset-after' || fault === 'timeout-after' ? 1 : 0);
  });
});

test('a token that ends in the middle is changed for another', async () => {
  const { cloud, memory, calls } = place();
  await cloud.network.networks.list();
  memory.expireTokens();
  await cloud.network.networks.list();
  expect(calls()).toBe(5);
});
