import { toYaml } from '../base/yaml.ts';
import fetchScript from './fetch-payload.py';
import type { Pointer } from './renderer.ts';
import { writeFilesEntry } from './write-files.ts';

const SCRIPT = '/opt/triskel/fetch-payload';
const CA = '/etc/triskel/payload-ca.pem';

/**
 * What user data has in place of files, packages and commands, so that the machine fetches a payload and applies that.
 * cloud-init's own `#include` knows no hash: whoever answers for the server would be root on the node.
 */
export function fetching({ url, sha512, ca, proxy }: Pointer): string[] {
  const files = [
    writeFilesEntry({ path: SCRIPT, mode: 0o755, content: fetchScript }, false),
    ...(ca === undefined ? [] : [writeFilesEntry({ path: CA, mode: 0o644, content: ca }, false)]),
  ];
  const environment = Object.entries({
    http_proxy: proxy?.http,
    https_proxy: proxy?.https,
    no_proxy: proxy?.exempt.join(),
  }).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`));
  const command = [SCRIPT, url, sha512, ...(ca === undefined ? [] : [CA])];
  // cloud-init writes the payload's commands over the script that runs this one: nothing may be left to read there.
  const line = ['exec', ...(environment.length === 0 ? [] : ['env', ...environment]), ...command];
  return [`write_files:\n${files.join('')}`, toYaml({ runcmd: [line] })];
}
