import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Figures } from '../measure.ts';

/** A step of a boot, as the program tells it (seconds since it began). */
export interface Event {
  readonly event: string;
  readonly state: string;
  readonly resource: string;
  readonly seconds: number;
}

/** A user's folder with a generated blueprint and a cloud. */
export interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly boot: () => Promise<Booted>;
  readonly destroy: () => Promise<void>;
}

export interface Booted extends Figures {
  readonly events: readonly Event[];
}

export const FILE = 'blueprints/booted.yaml';

export async function placeOf(folder: string, blueprint: string, cloudsFile: string): Promise<Place> {
  mkdirSync(join(folder, 'blueprints'), { recursive: true });
  writeFileSync(join(folder, FILE), blueprint);
  const env = { OS_CLIENT_CONFIG_FILE: cloudsFile };
  await runProgram(folder, ['generate', FILE]);
  const name = /^name: (.*)$/m.exec(blueprint)?.[1] ?? '';
  return {
    folder,
    env,
    boot: async () => {
      const { output, ...figures } = await runProgram(folder, ['boot', '--json', FILE], { env });
      const lines = output.trim().split('\n').slice(0, -1);
      return { ...figures, events: lines.map((line) => JSON.parse(line) as Event) };
    },
    destroy: async () => {
      await runProgram(folder, ['destroy', '--yes', name, '--volumes', FILE], { env });
    },
  };
}
