import { hash } from 'node:crypto';

/** Lower-case hexadecimal sha256. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/** Lower-case hexadecimal sha512. */
export function sha512(data: string | Uint8Array): string {
  return hash('sha512', data);
}

/** JSON whose keys are sorted at every depth: the same value gives the same text, whatever order it was built in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** sha256 of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
