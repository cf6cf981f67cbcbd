/** A boot's calls grow with its nodes, and its lists do not: a list for every node would be the square of them. */
import type { Transport } from 'openstack-client-lite';
import { expect, test } from 'vitest';
import { compile } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { manyNodes, unlimited } from '../support/openstack/many-nodes.ts';
import { BootedCloud } from './booted.ts';

const FILE = 'blueprints/many.yaml';

/** Calls of a first boot and of a second one: all, and those that list. */
async function callsOf(
  workers: number,
): Promise<{ first: number; firstLists: number; building: number; second: number }> {
  const files = blueprintFiles(new Map([[FILE, manyNodes(workers)]]));
  const { cluster, nodes, diagnostics } = await compile(FILE, files, noProgress);
  if (cluster === undefined) throw new Error(diagnostics.map(({ message }) => message).join());
  const place = new BootedCloud(nodes.map(({ plan }) => plan));
  unlimited(place.memory.world);
  const calls: string[] = [];
  const transport: Transport = (request) => {
    calls.push(`${request.method} ${new URL(request.url).pathname}`);
    return place.memory.transport(request);
  };
  expect(await place.boot(cluster, { transport })).toMatchObject({ complete: true, errors: [] });
  const first = calls.length;
  const firstLists = calls.filter((call) =>
    /^GET .*\/(ports|servers\/detail|security-group-rules|members)$/.test(call),
  ).length;
  const building = calls.filter((call) => /^GET .*\/servers$/.test(call)).length;
  expect((await place.boot(cluster, { transport })).todo).toEqual([]);
  return { first, firstLists, building, second: calls.length - first };
}

test('200 workers take as many lists as 20, and calls by their number', async () => {
  const [few, many] = [await callsOf(20), await callsOf(200)];
  expect(many.firstLists).toBe(few.firstLists);
  // Those that are being built, no more than are made at once, are listed again and again: for all of them together.
  expect(many.building).toBeLessThan(200 / 2);
  // Of a second boot nothing but lists is left.
  expect(many.second).toBe(few.second);
  expect(many.first / few.first).toBeLessThan(200 / 20);
});
