import { gzipSync } from 'fflate';

/**
 * gzip at level 9. Written in JavaScript, for Node's own zlib finds other matches on other processors (it hashes by their
 * instructions), and sizes of what is compressed stand in reviewed files. The header says no time.
 */
export function gzip(data: string | Uint8Array): Buffer {
  const packed = gzipSync(typeof data === 'string' ? Buffer.from(data, 'utf8') : data, { level: 9, mtime: 0 });
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}
