import { writeFileSync } from 'node:fs';
import { ignitionComplaints } from './ignition.ts';
import { ownPart } from './mime.ts';
import { run } from './programs.ts';

/** What the program that reads such a payload says of it, from a file at `path`: nothing, when it has nothing to say. */
export function payloadComplaints(
  format: 'ignition' | 'cloud-init',
  payload: string | Uint8Array,
  path: string,
): string {
  if (format === 'ignition') return ignitionComplaints(payload, path);
  writeFileSync(path, payload);
  // The schema is that of a config; what cloud-init makes of several parts is in cloud-init-parts.test.ts.
  const text = Buffer.from(payload).toString('utf8');
  if (text.startsWith('MIME-Version:')) writeFileSync(path, ownPart(text));
  const { code, output } = run('cloud-init', ['schema', '--config-file', path]);
  return code === 0 && !/deprecat/i.test(output) ? '' : `exit ${String(code)}: ${output}`;
}
