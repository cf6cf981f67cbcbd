import { gzipSync } from 'node:zlib';

/** gzip at level 9. The header says neither a time nor an operating system: the same bytes on every machine. */
export function gzip(data: string | Uint8Array): Buffer {
  const packed = gzipSync(data, { level: 9 });
  packed[9] = 255; // RFC 1952, 2.3.1: unknown
  return packed;
}
