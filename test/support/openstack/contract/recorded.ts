/** What the real services answered: one file a scenario, written by test/openstack-lab/client.test.ts with UPDATE_CONTRACT=1. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Exchange } from '../recorder.ts';
import type { Scenario } from './scenario.ts';

const pathOf = ({ name }: Scenario): string => `test/openstack/recorded/${name.replace(/[^a-z]+/g, '-')}.json`;

export function readRecorded(scenario: Scenario): readonly Exchange[] {
  return JSON.parse(readFileSync(pathOf(scenario), 'utf8')) as Exchange[];
}

/** One exchange a line, so that a change of the services reads well. */
export function writeRecorded(scenario: Scenario, exchanges: readonly Exchange[]): void {
  writeFileSync(pathOf(scenario), `[\n${exchanges.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
}
