import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { OperatingSystem } from './cluster.ts';
import { specOf } from './ignition.ts';
import type { Report } from './report.ts';
import { fleetLockOf, releaseOf } from './systems.ts';

/** A node's system: its own settings over the cluster's. All but the architecture stays with the name that it belongs to. */
export function resolveSystem(
  common: Blueprint['os'] = {},
  own: Blueprint['os'] = {},
  origin: Path,
  report: Report,
): OperatingSystem {
  const usual = common.name ?? 'flatcar';
  const { name = usual, arch = common.arch ?? 'amd64' } = own;
  const inherited = name === usual ? common : {};
  const placeOf = (key: 'version' | 'ignition' | 'fleetLock') =>
    at([...(own[key] === undefined ? [] : origin), 'os', key]);
  const found = releaseOf(name, own.version ?? inherited.version);
  if (typeof found === 'string') report(diagnostic('cluster/os-version', found, [placeOf('version')]));
  const spec = specOf(name, own.ignition ?? inherited.ignition);
  if (typeof spec === 'string') report(diagnostic('cluster/ignition-version', spec, [placeOf('ignition')]));
  const lock = fleetLockOf(name, own.fleetLock ?? inherited.fleetLock);
  if (typeof lock === 'string') report(diagnostic('cluster/fleet-lock', lock, [placeOf('fleetLock')]));
  return {
    name,
    arch,
    version: typeof found === 'string' ? undefined : found.release,
    ignition: typeof spec === 'string' ? undefined : spec.version,
    fleetLock: typeof lock === 'string' ? undefined : lock.url,
  };
}
