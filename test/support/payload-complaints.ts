import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ignitionComplaints } from './ignition.ts';
import { ownPart } from './mime.ts';
import { run, type Run } from './programs.ts';

/** What the program that reads such a payload says of it, from a file at `path`: nothing, when it has nothing to say. */
export function payloadComplaints(
  format: 'ignition' | 'cloud-init',
  payload: string | Uint8Array,
  path: string,
): string {
  if (format === 'ignition') return ignitionComplaints(payload, path);
  // cloud-init unzips what it is handed; its schema command does not.
  const bytes = Buffer.from(payload);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  // The schema is that of a config; what cloud-init makes of several parts is in cloud-init-parts.test.ts.
  writeFileSync(path, text.startsWith('MIME-Version:') ? ownPart(text) : text);
  const { code, output } = run('cloud-init', ['schema', '--config-file', path]);
  return code === 0 && !/deprecat/i.test(output) ? '' : `exit ${String(code)}: ${output}`;
}

/**
 * What cloud-init's schema says of many a user-data, in one process: a line for each that it refuses. They are written into the empty
 * `folder`. `modules`: another cloud-init's Python modules.
 */
export function schemaComplaints(userData: readonly string[], folder: string, modules?: string): Run {
  userData.forEach((text, index) => writeFileSync(join(folder, `${String(index)}.yaml`), ownPart(text)));
  const env = modules === undefined ? {} : { PYTHONPATH: modules };
  return run('/usr/bin/python3', ['test/support/cloud_init_schema.py', folder], { env });
}
