import { at } from '../../diagnostics/diagnostic.ts';
import { containersOf, isMap, type ManifestPart } from '../manifest-pods.ts';
import type { Finding, Rule } from '../rule.ts';
import page from './probe-does-nothing.md';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const ACTIONS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];
/** Fields of a probe that belong beside its action. */
const TIMES = [
  'failureThreshold',
  'initialDelaySeconds',
  'periodSeconds',
  'successThreshold',
  'terminationGracePeriodSeconds',
  'timeoutSeconds',
];

/** A probe without an action never fails, and a delay within the action is a field that nothing reads (core/v1, Probe). */
export const probeDoesNothing: Rule = {
  code: 'review/probe-does-nothing',
  page,
  find: (cluster) =>
    containersOf(cluster).flatMap((container) => PROBES.flatMap((probe) => problemsOf(container, probe))),
};

function problemsOf({ what, fields, origin }: ManifestPart, probe: string): Finding[] {
  if (!Object.hasOwn(fields, probe)) return [];
  const value = isMap(fields[probe]) ? fields[probe] : {};
  const actions = ACTIONS.filter((action) => isMap(value[action]));
  if (actions.length === 0)
    return [{ message: `${what}: ${probe} has no action, and never fails`, places: [at(origin)] }];
  return actions.flatMap((action) => {
    const misplaced = TIMES.filter((time) => isMap(value[action]) && Object.hasOwn(value[action], time));
    if (misplaced.length === 0) return [];
    const message = `${what}: ${misplaced.join(' and ')} of ${probe} stand within ${action}, where nothing reads them`;
    return [{ message, places: [at(origin)] }];
  });
}
