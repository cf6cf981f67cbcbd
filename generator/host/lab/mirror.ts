import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sha256 } from '../../base/digests.ts';
import { PROGRAM_FOLDERS, PROGRAMS_SUITE, programsOf, standInFor, type Supply } from '../../lab/programs.ts';
import type { DownloadItem } from '../../nodeplan/items.ts';
import type { Versions } from '../../cluster/versions.ts';
import { systemIssuing } from '../issuing.ts';
import { imagesFolder } from './folders.ts';
import type { Lab } from './lab.ts';
import { firstLine } from './running.ts';

/** What stands in for the internet: files for nodes, by https, and Debian's packages, by http. */
export interface Mirror {
  /** The CA that its certificate is checked against. */
  readonly ca: string;
  /** The user's folder of upstream files; undefined: there is none. */
  readonly own: string | undefined;
  /** Whether that folder has a download's file. */
  readonly has: (url: string) => boolean;
  /** Lays a file for each download where `<mirror>/<upstream host>/<path>` finds it, and gives its sha256 by upstream URL. */
  readonly offer: (downloads: readonly DownloadItem[], versions: Versions) => Offer;
  /** Answers on the lab's own addresses from now on. */
  readonly serve: (lab: Lab) => Promise<void>;
}

/** What lies on the mirror. */
export interface Offer {
  readonly hashes: Readonly<Record<string, string>>;
  readonly supplies: readonly Supply[];
}

const DAY = 24 * 3600 * 1000;

/**
 * `folder`: empty. `addresses`: the lab's own. `suites`: the images whose repositories are served as /<suite>. `own`: the
 * user's folder of upstream files, laid out as every mirror is.
 */
export async function makeMirror(
  folder: string,
  {
    addresses,
    suites,
    own,
  }: { readonly addresses: readonly string[]; readonly suites: readonly string[]; readonly own?: string | undefined },
): Promise<Mirror> {
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true, mode: 0o700 });
  for (const suite of suites) symlinkSync(join(imagesFolder(), suite, 'repository'), join(files, suite));
  const issuing = systemIssuing();
  const common = {
    algorithm: 'ecdsa-p256',
    notBefore: new Date(issuing.now.getTime() - DAY),
    notAfter: new Date(issuing.now.getTime() + 365 * DAY),
  } as const;
  const names = { dnsNames: [], ipAddresses: [] };
  const [ca] = await issuing.issue([
    { ...common, ...names, subject: { commonName: 'lab-mirror-ca', organizations: [] }, issuer: undefined, usages: [] },
  ]);
  if (ca === undefined) throw new Error('no CA was issued');
  const [server] = await issuing.issue([
    {
      ...common,
      subject: { commonName: 'lab-mirror', organizations: [] },
      issuer: { ...ca, algorithm: 'ecdsa-p256' },
      usages: ['server'],
      dnsNames: [],
      ipAddresses: addresses,
    },
  ]);
  writeFileSync(join(folder, 'server.crt'), `${server?.cert ?? ''}\n`);
  writeFileSync(join(folder, 'server.key'), `${server?.key ?? ''}\n`, { mode: 0o600 });
  return {
    ca: `${ca.cert}\n`,
    own,
    has: (url) => ownFile(url, own) !== undefined,
    offer: (downloads, versions) => {
      const distinct = [...new Map(downloads.map((item) => [item.url, item])).values()];
      const offered = distinct.map((item) => offerFile(item, versions, files, own));
      return {
        hashes: Object.fromEntries(distinct.map(({ url }, index) => [url, offered[index]?.hash ?? ''])),
        supplies: offered.flatMap(({ supplies }) => supplies),
      };
    },
    serve: async (lab) => {
      const credentials = [join(folder, 'server.crt'), join(folder, 'server.key')];
      await firstLine([...lab.enter, 'python3', join(lab.folder, 'mirror.py'), files, ...credentials, ...addresses]);
    },
  };
}

/** Lays one file onto the mirror. */
function offerFile(
  item: DownloadItem,
  versions: Versions,
  files: string,
  own: string | undefined,
): { readonly hash: string; readonly supplies: readonly Supply[] } {
  const target = join(files, pathOf(item.url));
  mkdirSync(dirname(target), { recursive: true });
  const supplied = (program: string, by: Supply['by']): Supply => ({ title: item.title, program, by });
  const real = ownFile(item.url, own);
  if (real !== undefined) {
    symlinkSync(real, target);
    const hash = sha256(readFileSync(real));
    const by = item.sha256 === undefined || item.sha256 === hash ? 'mirror' : 'altered';
    return { hash, supplies: programsOf(item).map((each) => supplied(each, by)) };
  }
  const sources = programsOf(item).map((program) => ({ program, debian: debianProgram(program) }));
  const made = madeFile(item, versions, sources);
  symlinkSync(made, target);
  const supplies = sources.map(({ program, debian }) =>
    supplied(program, debian === undefined ? 'stand-in' : 'debian'),
  );
  return { hash: sha256(readFileSync(made)), supplies };
}

/** As a web server looks for it: a plus sign is written %2B in URLs. */
function pathOf(url: string): string {
  return decodeURIComponent(url.replace(/^https:\/\//, ''));
}

function ownFile(url: string, own: string | undefined): string | undefined {
  const file = own === undefined ? undefined : resolve(own, pathOf(url));
  return file !== undefined && existsSync(file) ? file : undefined;
}

function debianProgram(program: string): string | undefined {
  const root = join(imagesFolder(), PROGRAMS_SUITE, 'programs');
  return PROGRAM_FOLDERS.map((folder) => join(root, folder, program)).find((each) => existsSync(each));
}

interface Source {
  readonly program: string;
  readonly debian: string | undefined;
}

/** The file of a download, which is made once for all labs: a program, or an archive of some. */
function madeFile({ members }: DownloadItem, versions: Versions, sources: readonly Source[]): string {
  const parts = sources.map(({ program, debian }) => {
    if (debian === undefined) return { program, content: standInFor(program, versions) };
    const { size, mtimeMs } = statSync(debian);
    return { program, debian, size, mtimeMs };
  });
  const made = join(imagesFolder(), 'offered', sha256(JSON.stringify([members === undefined, parts])));
  if (existsSync(made)) return made;
  const work = `${made}.${String(process.pid)}`;
  mkdirSync(join(work, 'bin'), { recursive: true });
  for (const { program, content, debian } of parts) {
    const place = join(work, 'bin', program);
    if (debian === undefined) writeFileSync(place, content);
    else copyFileSync(debian, place);
    chmodSync(place, 0o755);
  }
  const whole = members === undefined ? join(work, 'bin', sources[0]?.program ?? '') : join(work, 'archive');
  if (members !== undefined) {
    const tar = ['--create', '--use-compress-program=gzip -1', '--file', whole, '--directory', work, 'bin'];
    execFileSync('tar', tar);
  }
  renameSync(whole, made);
  rmSync(work, { recursive: true });
  return made;
}
