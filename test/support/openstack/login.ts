import type { Auth } from 'openstack-client-lite';

/** How a user logs in to the lab or to the cloud in memory: the password and the project have the user's name. */
export function loginOf(user: string) {
  return {
    type: 'password',
    user: { name: user },
    password: user,
    scope: { project: { name: user } },
  } as const satisfies Auth;
}
