/** Connections to the lab. */
import { connect, networkTransport, systemClock, type Cloud } from 'openstack-client-lite';
import { lab } from './lab.ts';

/** What every call to the lab's services goes through. */
export const { send } = networkTransport();

/** A user of the lab, in the project of the same name. */
export function as(user: string): Cloud {
  const auth = { type: 'password', user: { name: user }, password: user, scope: { project: { name: user } } } as const;
  return connect({ authUrl: lab.authUrl, auth, transport: send, clock: systemClock });
}
