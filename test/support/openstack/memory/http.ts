/** Requests and answers of the in-memory cloud, and its services' ways to say what is wrong. */
import type { User } from './users.ts';
import type { World } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal, thrown from wherever it is found out. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body));
    this.reply = { status, body };
  }
}

export interface Request {
  readonly world: World;
  /** Parts of the path that the route leaves open. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** The body, or an empty one. */
  readonly body: Record<string, unknown>;
  /** Whose token came with it. A token of an application credential is restricted. */
  readonly user: User & { readonly restricted?: boolean };
  readonly headers: Readonly<Record<string, string>>;
}

/** `* ` in the path stands for one part of it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly run: (request: Request) => Reply;
}

export type Fail = (status: number, type: string, message: string) => Refusal;

export const neutronError: Fail = (status, type, message) =>
  new Refusal(status, { NeutronError: { type, message, detail: '' } });

/** Nova and Cinder: the key around the message follows from the status. */
export function novaError(status: number, message: string): Refusal {
  const keys: Readonly<Record<number, string>> = {
    400: 'badRequest',
    403: 'forbidden',
    404: 'itemNotFound',
    409: 'conflictingRequest',
    413: 'overLimit',
  };
  return new Refusal(status, { [keys[status] ?? 'computeFault']: { code: status, message } });
}

export function octaviaError(status: number, faultstring: string): Refusal {
  return new Refusal(status, { faultcode: status >= 500 ? 'Server' : 'Client', faultstring, debuginfo: null });
}

export function keystoneError(code: number, title: string, message: string): Refusal {
  return new Refusal(code, { error: { code, message, title } });
}

/** A value as it stands in a query or in a message. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
}

/** What is given of a row: keys that begin with an underscore are the cloud's own. */
export function visible(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !key.startsWith('_')));
}
