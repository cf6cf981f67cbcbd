/** The lab around a file's tests, and connections to it. */
import { connect, networkTransport, systemClock, type Cloud } from 'openstack-client-lite';
import { afterAll, beforeAll } from 'vitest';
import { lab, startLab } from './lab.ts';

const transport = networkTransport();

/** What every call to the lab's services goes through. */
export const send = transport.send;

/** Within a `describe`: the lab runs during its tests. */
export function runsLab(): void {
  let down = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    down = await startLab();
  }, 300_000);
  afterAll(async () => {
    await transport.close();
    await down();
  }, 60_000);
}

/** A user of the lab, in the project of the same name. */
export function as(user: string): Cloud {
  const auth = { type: 'password', user: { name: user }, password: user, scope: { project: { name: user } } } as const;
  return connect({ authUrl: lab.authUrl, auth, transport: send, clock: systemClock });
}
