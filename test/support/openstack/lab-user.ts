/** Connections to the lab. */
import { connect, networkTransport, systemClock, type Cloud, type SessionOptions } from 'openstack-client-lite';
import { lab } from './lab.ts';
import { loginOf } from './login.ts';

/** What every call to the lab's services goes through. */
export const { send } = networkTransport();

/** A user of the lab, in the project of the same name. */
export function as(user: string, options: Partial<SessionOptions> = {}): Cloud {
  return connect({ authUrl: lab.authUrl, auth: loginOf(user), transport: send, clock: systemClock, ...options });
}
