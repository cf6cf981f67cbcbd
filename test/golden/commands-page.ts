/** The page of commands: what `--help` says of each, in one place. */
import type { Command } from 'commander';
import { programOf } from '../../generator/commands/program.ts';

const INTRO = `# The commands

Run them as \`npm run triskel -- <command>\` in a clone, or as \`triskel <command>\` where the package is installed. This page is made
from what \`--help\` prints; do not edit it.

With \`--json\` a command prints one JSON object a line on standard output, diagnostics in it. Diagnostics for people go to standard
error. Colours follow \`NO_COLOR\` and \`FORCE_COLOR\`.

| exit code | meaning                                                                    |
| --------- | -------------------------------------------------------------------------- |
| 0         | done; warnings may have been printed                                       |
| 1         | a mistake in what was given; each is printed with its place and what to do |
| 2         | wrong usage                                                                |
| 69        | the network, a registry or a cloud did not answer                          |
| 70        | a fault of Triskel; \`TRISKEL_DEBUG=1\` shows where it happened              |

The secrets store is opened with your age identity: \`$TRISKEL_IDENTITY\` names its file; without it, \`triskel/identity.txt\` in your
configuration folder (\`$XDG_CONFIG_HOME\`, or \`~/.config\`).
`;

/** The page as Markdown. */
export function commandsPage(): string {
  let help = '';
  const output = { writeOut: (text: string): string => (help += text), getOutHelpWidth: () => 110 };
  const program = programOf('', () => async () => {}, output);
  const sections = leaves(program).map(({ name, command }) => {
    help = '';
    command.outputHelp();
    return `## ${name}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`;
  });
  return [INTRO, ...sections].join('\n');
}

function leaves(command: Command, path: readonly string[] = []): { name: string; command: Command }[] {
  if (command.commands.length === 0) return [{ name: path.join(' '), command }];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}
