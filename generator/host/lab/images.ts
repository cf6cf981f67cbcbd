import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import imageScript from '../../lab/image.sh';
import { PROGRAM_PACKAGES, PROGRAMS_SUITE } from '../../lab/programs.ts';
import { imagesFolder } from './folders.ts';
import { runInTime } from './running.ts';

/** Seconds that a mirror may take for a whole Debian. */
const PATIENCE = 1800;

/** Makes what is missing of a suite's machine image, and of the packages that nodes install on it. */
export async function ensureImage(suite: string, packages: readonly string[]): Promise<readonly Diagnostic[]> {
  const made = await make('image', suite, []);
  return made.length > 0 || packages.length === 0 ? made : make('packages', suite, packages);
}

/** Unpacks the programs that nodes download, where that has not been done. */
export function ensurePrograms(): Promise<readonly Diagnostic[]> {
  return make('programs', PROGRAMS_SUITE, PROGRAM_PACKAGES);
}

/** The packages of those programs with Debian's versions of them. */
export function programVersions(): ReadonlyMap<string, string> {
  const file = join(imagesFolder(), PROGRAMS_SUITE, 'versions');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

async function make(what: string, suite: string, packages: readonly string[]): Promise<readonly Diagnostic[]> {
  mkdirSync(imagesFolder(), { recursive: true });
  const script = join(imagesFolder(), 'image.sh');
  writeFileSync(script, imageScript, { mode: 0o700 });
  const { code, output } = await runInTime(['bash', script, what, imagesFolder(), suite, ...packages], PATIENCE);
  if (code === 0) return [];
  const said = output.trim().split('\n').slice(-5).join('; ');
  return [diagnostic('lab/no-image', `${imagesFolder()}: ${what} of Debian ${suite} cannot be made: ${said}`)];
}
