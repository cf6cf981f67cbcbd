import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import {
  CloudError,
  ConfigError,
  connect,
  networkTransport,
  readCloudConfig,
  systemClock,
  type Clock,
  type Cloud,
  type Transport,
} from 'openstack-client-lite';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';

/** A cloud that can be asked; `close` it. */
export interface Connection {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly close: () => Promise<void>;
}

/** Which cloud of clouds.yaml; both are left out where the environment says it. */
export interface Choice {
  readonly cloud: string | undefined;
  readonly region: string | undefined;
}

/** The cloud that clouds.yaml or the environment tells of. Nothing is asked of it yet. */
export function connectCloud({ cloud, region }: Choice, signal: AbortSignal | undefined): Checked<Connection> {
  const sources = { env: process.env, readFile, cwd: process.cwd(), home: homedir(), platform: process.platform };
  try {
    const config = readCloudConfig(sources, {
      ...(cloud === undefined ? {} : { cloud }),
      ...(region === undefined ? {} : { region }),
    });
    const transport = networkTransport(config);
    return { value: connection(config, transport.send, transport.close, signal), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { value: undefined, diagnostics: [diagnostic('cloud/configuration', error.message)] };
  }
}

function connection(
  config: ReturnType<typeof readCloudConfig>,
  transport: Transport,
  close: () => Promise<void>,
  signal: AbortSignal | undefined,
): Connection {
  return { cloud: connect({ ...config, transport, clock: systemClock, signal }), clock: systemClock, close };
}

/** A failure of the cloud's as a diagnostic; anything else is thrown on, for it is ours. */
export function cloudFailure(error: unknown): Diagnostic {
  if (error instanceof CloudError) return diagnostic('cloud/call-failed', error.message);
  throw error;
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
