/** A piece of the contract: calls that every cloud must answer alike. */
import { connect, type Call, type Cloud, type Clock, type Transport } from 'openstack-client-lite';
import { loginOf } from '../login.ts';
import { recorder, type Exchange } from '../recorder.ts';

/** The users of the lab; the password of each is their name. `plain` has no role for Octavia. */
export type User = 'admin' | 'demo' | 'other' | 'plain';

export interface Stage {
  readonly as: (user: User) => Cloud;
  readonly demo: Cloud;
  /** A call that the client does not have, or one that it would not make. */
  readonly raw: (call: Call, user?: User) => Promise<unknown>;
  /** What must fail, does; what it says is written down with the rest. */
  readonly refused: (act: Promise<unknown>) => Promise<void>;
  /** Waits, and writes down the last look only. */
  readonly until: <T>(look: () => Promise<T>, done: (seen: T) => boolean) => Promise<T>;
  readonly silently: <T>(act: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
}

export interface Scenario {
  readonly name: string;
  readonly run: (stage: Stage) => Promise<void>;
}

export interface Place {
  readonly authUrl: string;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** Plays a scenario in a cloud and gives what was asked and answered. */
export async function play({ run }: Scenario, { authUrl, transport, clock }: Place): Promise<Exchange[]> {
  const recording = recorder(transport);
  const clouds = new Map<User, Cloud>();
  const as = (user: User): Cloud => {
    const own = { authUrl, auth: loginOf(user), transport: recording.transport, clock, attempts: 1 };
    const cloud = clouds.get(user) ?? connect(own);
    clouds.set(user, cloud);
    return cloud;
  };
  const open = async (user: User): Promise<void> => {
    const { session } = as(user);
    await session.token();
    await session.microversion('compute');
    await session.microversion('block-storage');
  };
  await recording.silently(async () => {
    for (const user of ['demo', 'other', 'plain', 'admin'] as const) await open(user);
  });
  await run({
    as,
    demo: as('demo'),
    raw: async (call, user = 'demo') => (await as(user).session.request(call)).body,
    refused: async (act) => {
      let done: unknown;
      try {
        done = await act;
      } catch {
        return;
      }
      throw new Error(`it was not refused: ${JSON.stringify(done)}`);
    },
    until: async (look, done) => {
      await recording.silently(async () => {
        const end = clock.now() + 180_000;
        while (!done(await look())) {
          if (clock.now() > end) throw new Error('it did not come to pass within three minutes');
          await clock.sleep(250);
        }
      });
      return await look();
    },
    silently: recording.silently,
    clock,
  });
  return recording.exchanges;
}
