import { createHash } from 'node:crypto';

/**
 * 64 printable characters, so that each carries the six bits of base64 and a filler compresses no better than a key.
 * Of six, more than one is escaped in URLs: escaping a filler never pays then where it would not pay for a real value.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0#%&+,/:;<=>';

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
