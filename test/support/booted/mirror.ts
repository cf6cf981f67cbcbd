import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sha256 } from '../../../generator/base/digests.ts';
import type { DownloadItem } from '../../../generator/nodeplan/items.ts';
import { firstLine, type Lab } from './lab.ts';

/** What stands in for the internet: files for nodes, by https, and Debian's packages, by http. */
export interface Mirror {
  /** The CA that its certificate is checked against. */
  readonly ca: string;
  /** Lays a file for each download where `<mirror>/<upstream host>/<path>` finds it, and gives its sha256 by upstream URL. */
  readonly offer: (downloads: readonly DownloadItem[]) => Record<string, string>;
  /** Answers on the lab's own address from now on. */
  readonly serve: (lab: Lab) => Promise<void>;
  readonly remove: () => void;
}

/** `address`: the lab's own; `images`: the folder of the images, whose repositories are served as /<suite>. */
export function makeMirror(address: string, images: string): Mirror {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-mirror-'));
  const files = join(folder, 'files');
  mkdirSync(files);
  for (const suite of ['trixie', 'bookworm']) symlinkSync(join(images, suite, 'repository'), join(files, suite));
  const openssl = (line: string): void => {
    execFileSync('openssl', line.split(' '), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  openssl(`${newKey} -subj /CN=mirror-ca -keyout ca.key -out ca.crt`);
  const forServer = `-addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:${address}`;
  openssl(`${newKey} -CA ca.crt -CAkey ca.key -subj /CN=mirror -keyout server.key -out server.crt ${forServer}`);
  return {
    ca: readFileSync(join(folder, 'ca.crt'), 'utf8'),
    offer: (downloads) =>
      Object.fromEntries(
        [...new Map(downloads.map((item) => [item.url, item]))].map(([url, item]) => [
          url,
          sha256(offerFile(item, join(files, url.replace(/^https:\/\//, '')))),
        ]),
      ),
    serve: async (lab) => {
      const server = resolve('test/support/booted/mirror.py');
      await firstLine(lab.start('python3', server, files, `${folder}/server.crt`, `${folder}/server.key`));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Makes the file that is downloaded, and gives its content. */
function offerFile({ members, target }: DownloadItem, path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true });
  if (members === undefined) placeProgram(target.replace(/.*\//, ''), path);
  else {
    const source = `${path}.d/bin`;
    mkdirSync(source, { recursive: true });
    for (const member of members) placeProgram(member, join(source, member));
    execFileSync('tar', [
      '--create',
      '--use-compress-program=gzip -1',
      '--file',
      path,
      '--directory',
      `${path}.d`,
      'bin',
    ]);
  }
  return readFileSync(path);
}

/** Where Debian's newest containerd, runc and CNI plugins were unpacked. */
const UNPACKED = resolve(process.env['TRISKEL_CONTAINERD'] ?? '', '../../..');

/** The real program where Debian has it. Of what it does not have, only that it is there and stays running. */
const STAND_IN =
  '#!/bin/sh\n# Stands in for a program that Debian does not have.\necho "started: $0 $*"\nexec sleep infinity\n';

function placeProgram(name: string, path: string): void {
  const real = ['usr/bin', 'usr/sbin', 'usr/lib/cni']
    .map((folder) => join(UNPACKED, folder, name))
    .find((each) => existsSync(each));
  if (real === undefined) writeFileSync(path, STAND_IN);
  else copyFileSync(real, path);
  chmodSync(path, 0o755);
}
