/** What the in-memory cloud knows, and how time passes in it. */
import type { Clock } from 'openstack-client-lite';
import { USERS, type User } from './users.ts';

/** A thing as its API gives it. Keys that begin with an underscore are not given. */
export type Row = Record<string, unknown> & { readonly id: string; project_id: string };

export const KINDS = [
  'network',
  'subnet',
  'router',
  'port',
  'security_group',
  'security_group_rule',
  'floatingip',
  'loadbalancer',
  'listener',
  'pool',
  'member',
  'healthmonitor',
  'server',
  'server_group',
  'keypair',
  'volume',
  'application_credential',
] as const;

export type Kind = (typeof KINDS)[number];

/** Milliseconds that things take: about as many as in the lab on a machine that does nothing else. */
export interface Durations {
  readonly server: number;
  readonly balancer: number;
  readonly change: number;
  readonly volume: number;
}

const DURATIONS: Durations = { server: 1000, balancer: 4000, change: 400, volume: 300 };

/** Limits of every project; -1: none. */
export interface Quotas {
  instances: number;
  cores: number;
  /** MiB. */
  ram: number;
  server_groups: number;
  key_pairs: number;
  volumes: number;
  /** GiB. */
  gigabytes: number;
  network: Record<string, number>;
  balancer: Record<string, number>;
}

export interface World {
  readonly clock: Clock;
  readonly durations: Durations;
  readonly quotas: Quotas;
  /** Availability zones of servers; each has one host. */
  readonly zones: readonly string[];
  readonly users: ReadonlyMap<string, User>;
  /** A UUID that no other thing has. */
  readonly newId: () => string;
  /** The present, as the APIs write it. */
  readonly date: () => string;
  readonly all: (kind: Kind) => Row[];
  readonly get: (kind: Kind, id: unknown) => Row | undefined;
  readonly add: (kind: Kind, row: Row) => Row;
  readonly remove: (kind: Kind, id: string) => void;
  /** Does it after so many milliseconds. */
  readonly later: (milliseconds: number, act: () => void) => void;
  /** Does what is due. */
  readonly advance: () => void;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly durations?: Partial<Durations>;
  readonly zones?: readonly string[];
  readonly users?: readonly User[];
}

export function newWorld({ clock, durations, zones = ['az1', 'az2', 'az3'], users = USERS }: WorldOptions): World {
  const rows = new Map<Kind, Map<string, Row>>();
  const of = (kind: Kind): Map<string, Row> => {
    const found = rows.get(kind) ?? new Map<string, Row>();
    rows.set(kind, found);
    return found;
  };
  const due: { at: number; act: () => void }[] = [];
  let ids = 0;
  return {
    clock,
    durations: { ...DURATIONS, ...durations },
    quotas: {
      instances: 10,
      cores: 20,
      ram: 51200,
      server_groups: 10,
      key_pairs: 100,
      volumes: 10,
      gigabytes: 1000,
      network: {
        floatingip: 50,
        network: 100,
        port: 500,
        rbac_policy: 10,
        router: 10,
        security_group: 10,
        security_group_rule: 100,
        subnet: 100,
        subnetpool: -1,
      },
      balancer: {},
    },
    zones,
    users: new Map(users.map((user) => [user.name, user])),
    newId: () => `00000000-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`,
    date: () => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
    all: (kind) => [...of(kind).values()],
    get: (kind, id) => of(kind).get(String(id)),
    add: (kind, row) => {
      of(kind).set(row.id, row);
      return row;
    },
    remove: (kind, id) => void of(kind).delete(id),
    later: (milliseconds, act) => {
      due.push({ at: clock.now() + milliseconds, act });
      due.sort((a, b) => a.at - b.at);
    },
    advance: () => {
      for (let next = due[0]; next !== undefined && next.at <= clock.now(); next = due[0]) {
        due.shift();
        next.act();
      }
    },
  };
}
