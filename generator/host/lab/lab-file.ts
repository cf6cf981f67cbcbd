import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Subject } from '../../verify/subject.ts';
import type { Lab } from './lab.ts';

/** What a lab is of, for commands that come later. */
export interface LabFile {
  /** As it was named. */
  readonly blueprint: string;
  readonly cluster: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly roles: readonly string[];
    readonly addresses: readonly string[];
  }[];
  readonly virtualIps: readonly string[];
  /** What is not as in the blueprint, one sentence each. */
  readonly notes: readonly string[];
}

const FILE = 'cluster.json';
const SUBJECT = 'subject.json';

/** Keeps what a lab is of in its folder. */
export function writeLabFile(
  { folder }: Lab,
  {
    blueprint,
    cluster,
    notes,
  }: { readonly blueprint: string; readonly cluster: Cluster; readonly notes: readonly string[] },
): void {
  const nodes = cluster.nodes.map(({ name, roles, addresses }) => ({
    name,
    roles,
    addresses: addresses.map(({ text }) => text),
  }));
  const virtualIps = cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ text }) => text));
  const file: LabFile = { blueprint, cluster: cluster.name, nodes, virtualIps, notes };
  writeFileSync(join(folder, FILE), JSON.stringify(file));
}

/** What a lab is of. */
export function readLabFile({ folder }: Lab): LabFile {
  return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as LabFile;
}

/** Keeps what a lab's cluster is asked, with the keys of its operator. */
export function writeSubject({ folder }: Lab, subject: Subject): void {
  writeFileSync(join(folder, SUBJECT), JSON.stringify(subject), { mode: 0o600 });
}

/** What a lab's cluster is asked. */
export function readSubject({ folder }: Lab): Subject {
  return JSON.parse(readFileSync(join(folder, SUBJECT), 'utf8')) as Subject;
}
