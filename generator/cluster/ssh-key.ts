/** Bytes of what an ed25519 key is (RFC 8709, 4). */
const ED25519 = 32;

/**
 * Whether a line of authorized_keys holds a whole public key: its base64 is a row of texts, each behind its length, and the first of
 * them is the key's type (RFC 4253, 6.6). sshd skips a line that it cannot read, and a cloud refuses it.
 */
export function isWholeKey(line: string): boolean {
  const [type = '', blob = ''] = line.trim().split(/\s+/);
  const bytes = Buffer.from(blob, 'base64');
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return false;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [first, second] = fields;
  if (at !== bytes.length || first?.toString() !== type || second === undefined) return false;
  return type !== 'ssh-ed25519' || second.length === ED25519;
}
