/** The users of the in-memory cloud: those of the lab. The password of each is their name. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly roles: readonly string[];
}

const user = (number: number, name: string, ...roles: string[]): User => ({
  id: `${'0'.repeat(30)}1${String(number)}`,
  name,
  projectId: `${'0'.repeat(30)}2${String(number)}`,
  roles,
});

export const USERS: readonly User[] = [
  user(0, 'admin', 'admin', 'reader', 'member', 'manager'),
  user(1, 'demo', 'load-balancer_member', 'reader', 'member'),
  user(2, 'other', 'load-balancer_member', 'reader', 'member'),
  user(3, 'plain', 'reader', 'member'),
];

/** Ids of roles are made of their names. */
export function roleId(name: string): string {
  return Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);
}
