import { flagNames, versionOf } from '../cluster/lives.ts';
import type { Fields, Program } from '../cluster/facts.ts';
import type { Versions } from '../cluster/versions.ts';
import type { DownloadItem } from '../nodeplan/items.ts';
import k3s from './k3s.py';
import serving from './serving.py';
import standIn from './stand-in.py';

/** The Debian whose packages have the newest of the programs that nodes download. */
export const PROGRAMS_SUITE = 'forky';

/** Those packages. */
export const PROGRAM_PACKAGES = [
  'containerd',
  'containernetworking-plugins',
  'etcd-client',
  'etcd-server',
  'kubectl',
  'runc',
] as const;

/** Where packages have programs, in the order in which they are looked for. */
export const PROGRAM_FOLDERS = ['usr/bin', 'usr/sbin', 'usr/lib/cni'] as const;

/** Kubernetes' own daemons, which no Debian package has. */
const DAEMONS: readonly string[] = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
] satisfies Program[];

/** Where a program on a lab's nodes comes from: the user's mirror, a package of Debian's, or a program that stands in. */
export interface Supply {
  /** "kube-apiserver 1.36.3" */
  readonly title: string;
  readonly program: string;
  /** altered: the user's mirror has another file than upstream published, or than the blueprint pins. */
  readonly by: 'mirror' | 'altered' | 'debian' | 'stand-in';
}

/** The programs that a download brings, by the names that they have on the node. */
export function programsOf({ members, target }: DownloadItem): readonly string[] {
  return members ?? [target.replace(/.*\//, '')];
}

/** The program that stands in for one that Debian does not have. */
export function standInFor(program: string, versions: Versions): string {
  if (program === 'k3s') return pythonProgram(k3sSpec(versions), k3s);
  if (!DAEMONS.includes(program))
    return `#!/bin/sh\necho "$0: stands in for a program that this lab does not have" >&2\nexit 1\n`;
  const daemon = program as Program;
  return pythonProgram(
    { name: daemon, version: versionOf(versions, daemon), flags: flagNames(versions, daemon) },
    standIn,
  );
}

/** A server reads the keys of an agent, too. */
function k3sSpec({ kubernetes, facts }: Versions): object {
  const fields: Readonly<Record<string, { readonly fields: Fields } | undefined>> = facts.fields;
  const keysOf = (kind: string): string[] => Object.keys(fields[kind]?.fields ?? {});
  const agent = keysOf('k3s agent');
  return { version: kubernetes, keys: { agent, server: [...agent, ...keysOf('k3s server')] } };
}

/** JSON's strings are literals of Python's, too. */
function pythonProgram(spec: object, text: string): string {
  return `#!/usr/bin/python3\nimport json\nSPEC = json.loads(${JSON.stringify(JSON.stringify(spec))})\n${serving}\n\n${text}`;
}

/** What a lab says of the programs that are not the user's own, one line for each kind. */
export function supplyNotes(supplies: readonly Supply[], packages: ReadonlyMap<string, string>): string[] {
  const by = (kind: Supply['by']): string[] =>
    [...new Set(supplies.filter((each) => each.by === kind).map(({ program }) => program))].sort();
  const standIns = by('stand-in');
  const debian = [...packages].map(([name, version]) => `${name} ${version}`).join(', ');
  const altered = by('altered');
  const mirrored = [...by('mirror'), ...altered].sort();
  return [
    ...(mirrored.length === 0 ? [] : [`your mirror’s programs: ${mirrored.join(', ')}`]),
    ...(altered.length === 0
      ? []
      : [
          `your mirror’s files for ${altered.join(', ')} have another sha256 than upstream’s, by which real nodes refuse them`,
        ]),
    ...(standIns.length === 0
      ? []
      : [
          `stand-ins in place of ${standIns.join(', ')}: they check arguments and certificates and answer health checks, and run no pods`,
        ]),
    ...(by('debian').length === 0 ? [] : [`Debian’s programs, under the names that nodes fetch: ${debian}`]),
  ];
}
