// Stands before `npm run generate`: an old bundle must not write what the sources no longer say.
// Plain JavaScript on node:fs alone, for it runs before every command and is to be done in a few milliseconds.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exit, stderr } from 'node:process';

const root = join(import.meta.dirname, '..');

/** The newest time at which a file below the folder was changed, and which one it was. */
function newestIn(folder) {
  let newest = { time: 0, path: folder };
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'test') continue;
    const path = join(folder, entry.name);
    const found = entry.isDirectory() ? newestIn(path) : { time: statSync(path).mtimeMs, path };
    if (found.time > newest.time) newest = found;
  }
  return newest;
}

function refuse(why) {
  stderr.write(`${why}\nRun \`npm run build\`, then the command again.\n`);
  exit(1);
}

const bundle = statSync(join(root, 'dist/main.js'), { throwIfNoEntry: false });
if (bundle === undefined) refuse('The program is not built yet: there is no dist/main.js.');
const newest = newestIn(join(root, 'generator'));
if (newest.time > bundle.mtimeMs)
  refuse(`The program in dist/ is older than its sources: ${newest.path} was changed since.`);
