/** A service's version document: which microversions it knows. */
import { isRecord } from './error-body.ts';
import type { VersionRange } from './microversion.ts';

/**
 * GET on a versioned URL gives {version: {min_version, version}} (Nova) or {versions: [{min_version, version}]} (Cinder, of which
 * the first is the one of the URL).
 */
export function readVersions(body: unknown): VersionRange | undefined {
  if (!isRecord(body)) return undefined;
  const entry: unknown = body['version'] ?? (Array.isArray(body['versions']) ? body['versions'][0] : undefined);
  if (!isRecord(entry)) return undefined;
  const { min_version: min, version: max } = entry;
  return typeof min === 'string' && typeof max === 'string' && min !== '' && max !== '' ? { min, max } : undefined;
}
