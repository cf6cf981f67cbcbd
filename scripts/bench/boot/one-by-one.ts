/**
 * A program: makes what a blueprint wants with the product's own calls, but one resource after the other, and looks for the end of
 * each fifty times a second: how long each takes where nothing else goes on. Prints the steps as JSON. Node tells it the blueprint
 * and the environment the cloud.
 */
import { systemClock, type Clock } from 'openstack-client-lite';
import { applyChanges } from '../../../generator/clouds/apply.ts';
import { needsOf } from '../../../generator/clouds/graph.ts';
import type { Key } from '../../../generator/clouds/resource.ts';
import { openstackActor } from '../../../generator/clouds/openstack/actor.ts';
import { desiredResources } from '../../../generator/clouds/openstack/desired/index.ts';
import { planBoot } from '../../../generator/clouds/openstack/plan-boot.ts';
import { compile } from '../../../generator/compile.ts';
import { blueprintFiles } from '../../../generator/host/blueprint-files.ts';
import { connectCloud } from '../../../generator/host/cloud.ts';
import { noProgress } from '../../../generator/host/terminal.ts';
import { USER_DATA_LENGTH } from './payload.ts';
import type { Timed } from './critical-path.ts';

const clock: Clock = {
  now: () => systemClock.now(),
  sleep: (milliseconds, signal) => systemClock.sleep(Math.min(milliseconds, 20), signal),
};
const { cluster, nodes } = await compile(process.argv[2] ?? '', blueprintFiles(), noProgress);
if (cluster === undefined) throw new Error('the blueprint does not compile');
const desired = desiredResources(
  cluster,
  nodes.map(({ plan }) => plan),
);
const connection = connectCloud(
  { cloud: cluster.openstack?.cloud, region: cluster.openstack?.region },
  undefined,
).value;
if (connection === undefined) throw new Error('no cloud');
const { cloud } = connection;
const payload = { base64: 'QUJD'.repeat(USER_DATA_LENGTH / 4), sha256: 'a'.repeat(64) };
const at = {
  cloud,
  clock,
  cluster: cluster.name,
  signal: undefined,
  payloadOf: () => payload,
  patience: 600_000,
};
const learn = (): void => undefined;
const { plan, facts } = await planBoot(cluster, desired, at, { replace: new Set(), learn });
const steps: Timed[] = [];
const together = new Map<Key, Key>();
let begun = 0;
const { complete } = await applyChanges(plan, {
  actor: openstackActor(at, learn),
  facts,
  concurrency: 1,
  onEvent: ({ key, state, with: first, error }) => {
    if (error !== undefined) throw error as Error;
    if (state === 'begun' && first === undefined) begun = performance.now();
    if (first !== undefined) together.set(key, first);
    if (state === 'done') steps.push(timed(key, (performance.now() - begun) / 1000));
  },
});
await connection.close();
if (!complete) throw new Error('not everything was made');
console.log(JSON.stringify(steps));

/** A call that makes several waits for all that any of them needs. */
function timed(key: Key, seconds: number): Timed {
  const first = together.get(key);
  if (first !== undefined) return { key, seconds: 0, needs: [first], with: first };
  const own = desired.filter((one) => one.key === key || together.get(one.key) === key);
  const needs = new Set(own.flatMap(needsOf));
  for (const one of own) needs.delete(one.key);
  return { key, seconds, needs: [...needs] };
}
