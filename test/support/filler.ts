import { createHash } from 'node:crypto';

/** `length` characters of base64 in lines as PEM has them, the same for the same seed. */
export function filler(seed: string, length: number): string {
  const octets = Buffer.concat(
    Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
      createHash('sha512')
        .update(`${seed} ${String(index)}`)
        .digest(),
    ),
  );
  return octets
    .toString('base64')
    .slice(0, length)
    .replaceAll(/(.{64})./g, '$1\n');
}
