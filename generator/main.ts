#!/usr/bin/env node
import { EXIT } from './commands/context.ts';
import { run } from './commands/program.ts';
import { obeyInterrupts } from './host/interrupts.ts';
import { openTerminal } from './host/terminal.ts';

const terminal = openTerminal();
process.on('uncaughtException', reportFault);
obeyInterrupts();
try {
  process.exitCode = await run(process.argv.slice(2), terminal);
} catch (error) {
  reportFault(error);
}

/** Whatever is thrown and not caught is our own mistake, whatever the input was. */
function reportFault(error: unknown): void {
  terminal.progress.stop();
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = process.env['TRISKEL_DEBUG'] === '1' && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  terminal.err(
    `This is a fault of Triskel, not yours: ${text}\n${stack}Please report it, with the command and the blueprint. TRISKEL_DEBUG=1 shows where it happened.\n`,
  );
  process.exitCode = EXIT.bug;
}
