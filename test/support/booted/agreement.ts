import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import type { NodePlan } from '../../../generator/nodeplan/nodeplan.ts';
import { dropInPath, unitPath } from '../../../generator/renderers/shared/systemd-files.ts';
import type { Run } from '../../../generator/host/lab/running.ts';

/**
 * Where the files, folders and links below a root are not what the plan says, secrets filled; nothing when they are.
 * `path` gives the place of a node's path on this machine.
 */
export function treeDisagreements(plan: NodePlan, path: (path: string) => string): string[] {
  const found: string[] = [];
  const check = (name: string, what: string, isRight: (stats: Stats) => boolean): void => {
    const stats = lstatSync(path(name), { throwIfNoEntry: false });
    if (stats === undefined) found.push(`${name}: missing`);
    else if (!isRight(stats)) found.push(`${name}: is not ${what}, but ${describe(path(name), stats)}`);
  };
  const checkFile = (name: string, mode: number, content: string): void => {
    check(
      name,
      `a file of root's with mode ${mode.toString(8)}`,
      (s) => s.isFile() && isRoots(s) && modeOf(s) === mode,
    );
    check(name, 'what the plan says', (s) => s.isFile() && readFileSync(path(name), 'utf8') === content);
  };
  for (const { path: name, mode, content } of plan.files) checkFile(name, mode, content);
  for (const { unit, name, content } of plan.dropIns) checkFile(dropInPath(unit, name), 0o644, content);
  for (const { name, content, masked } of plan.units) {
    if (masked === true) check(unitPath(name), 'masked', (s) => isLinkTo(s, path(unitPath(name)), '/dev/null'));
    else if (content !== undefined) checkFile(unitPath(name), 0o644, content);
  }
  for (const { path: name, mode } of plan.directories)
    check(
      name,
      `a folder of root's with mode ${mode.toString(8)}`,
      (s) => s.isDirectory() && isRoots(s) && modeOf(s) === mode,
    );
  for (const { path: name, target } of plan.links)
    check(name, `a link to ${target}`, (s) => isLinkTo(s, path(name), target));
  return found;
}

/** Where systemd says something else of a unit than the plan; `systemctl` asks the system, or a root folder. */
export async function unitDisagreements(
  plan: NodePlan,
  systemctl: (...args: string[]) => Promise<Run>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, enabled, masked, content } of plan.units) {
    const state = (await systemctl('is-enabled', name)).output.trim().split('\n').at(-1) ?? '';
    // A unit of ours that is not enabled is started by others; one of the system's is left as it is.
    const wanted =
      masked === true ? 'masked' : enabled ? 'enabled' : content === undefined ? undefined : 'static|disabled';
    if (wanted !== undefined && !wanted.split('|').includes(state)) found.push(`${name}: is ${state}, not ${wanted}`);
  }
  return found;
}

/** Where packages and accounts of a system that runs are not what the plan says. */
export async function systemDisagreements(
  plan: NodePlan,
  run: (...command: string[]) => Promise<Run>,
): Promise<string[]> {
  const found: string[] = [];
  const check = async (what: string, isRight: (run: Run) => boolean, ...command: string[]): Promise<void> => {
    const answer = await run(...command);
    if (!isRight(answer)) found.push(`${what}: ${command.join(' ')} says ${answer.output.trim()}`);
  };
  for (const { name } of plan.packages)
    await check(
      name,
      ({ output }) => output === 'ok installed',
      'dpkg-query',
      '--show',
      '--showformat=${db:Status-Eflag} ${db:Status-Status}',
      name,
    );
  for (const { name, sshKeys, sudo } of plan.users) {
    await check(name, ({ output }) => / L /.test(output), 'passwd', '--status', name);
    await check(name, ({ output }) => output.trim().endsWith(':/bin/bash'), 'getent', 'passwd', name);
    await check(
      name,
      ({ output }) => output.includes('NOPASSWD: ALL') === sudo,
      'sudo',
      '--list',
      '--other-user',
      name,
    );
    // As sshd itself reads them: the file, its mode and its owner.
    const keys = `/home/${name}/.ssh/authorized_keys`;
    // cloud-init writes them in any order.
    const sorted = (lines: readonly string[]): string => [...lines].sort().join('\n');
    if (sshKeys.length > 0) {
      await check(name, ({ output }) => sorted(output.trim().split('\n')) === sorted(sshKeys), 'cat', keys);
      await check(name, ({ output }) => output.trim() === `600 ${name}`, 'stat', '--format=%a %U', keys);
    }
  }
  return found;
}

function isRoots({ uid, gid }: Stats): boolean {
  return uid === 0 && gid === 0;
}

function modeOf({ mode }: Stats): number {
  return mode & 0o7777;
}

function isLinkTo(stats: Stats, path: string, target: string): boolean {
  return stats.isSymbolicLink() && readlinkSync(path) === target;
}

function describe(path: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return `a link to ${readlinkSync(path)}`;
  const kind = stats.isFile() ? 'a file' : stats.isDirectory() ? 'a folder' : 'something else';
  return `${kind} of ${String(stats.uid)}:${String(stats.gid)} with mode ${modeOf(stats).toString(8)}`;
}
