import { createHash } from 'node:crypto';

/**
 * base64's own: what fills most holes is PEM, and a filler must be as long as PEM when it is escaped in a URL, and compress
 * no better. Its body is random where a certificate's is not, so that it compresses worse.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Every 65th character becomes a line's end, as in PEM: the more lines, the larger is a text within YAML. */
const LINE_END = /(.{64})./g;

let pool = '';

/** `length` characters that look random, the same at every call with the same `start`. Other starts give other text. */
export function filler(start: number, length: number): string {
  while (pool.length < start + length) pool += block(pool.length);
  return pool.slice(start, start + length).replaceAll(LINE_END, '$1\n');
}

function block(counter: number): string {
  const bytes = createHash('sha512').update(String(counter)).digest();
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
