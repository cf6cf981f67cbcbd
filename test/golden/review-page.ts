/** The page of the review: every rule, what it finds, and how findings are told. */
import { catalog } from '../../generator/diagnostics/catalog/index.ts';
import { folderRules, planRules, rules } from '../../generator/review/rules.ts';

const INTRO = `# The review

Every \`check\` and \`generate\` reviews the cluster: whether it survives what it seems to survive, and what it gives away. This page is
made from the rules; do not edit it. \`triskel explain <code>\` prints a rule's part of it.

## What becomes of a finding

An **error** keeps \`generate\` from writing anything, a **warning** does not, a **note** only tells. What is known and wanted is
acknowledged in the blueprint, by code and reason:

\`\`\`yaml
acknowledge:
  - { code: review/two-etcd-members, reason: faithful to the guide; the third machine comes in spring }
\`\`\`

An acknowledged finding no longer blocks. It is still told, as a note with the reason, has \`acknowledged\` in \`--json\`, and is
suppressed in SARIF. An acknowledgement that nothing raises any more is told, too (\`review/idle-acknowledgement\`).

Blueprints are compared with those of their folder, and with those that are named in the same run. A blueprint that has mistakes of
its own cannot be compared (\`review/unread-neighbour\`). What nobody named is read up to a million characters.

## In a pull request

\`--sarif <file>\` writes everything that is told to a file, too, in the format that code scanning reads (SARIF 2.1.0). With GitHub
Actions the findings then stand at their lines:

\`\`\`yaml
name: blueprints
on: [push, pull_request]
permissions: { contents: read, security-events: write }
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: npm run triskel -- check --sarif triskel.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with: { sarif_file: triskel.sarif }
      - run: npm run generate -- --check
\`\`\`
`;

const SUBJECTS = [
  { title: 'Rules over one cluster', list: rules },
  { title: 'Rules over what its machines will have', list: planRules },
  { title: 'Rules over a cluster and those beside it', list: folderRules },
];

/** The page as Markdown. */
export function reviewPage(): string {
  const parts = SUBJECTS.map(({ title, list }) => {
    const rows = list.map(
      ({ code }) => `| [\`${code}\`](#${anchorOf(code)}) | ${catalog[code].severity} | ${catalog[code].summary} |\n`,
    );
    return `## ${title}\n\n| code | severity | law |\n| --- | --- | --- |\n${rows.join('')}`;
  });
  const pages = SUBJECTS.flatMap(({ list }) =>
    list.map(({ code, page }) => {
      const [, ...lines] = page.split('\n');
      const text = lines.join('\n').replaceAll(/^## (.*)$/gm, '**$1.**');
      return `### ${code.replace('/', '-')}\n\n_${catalog[code].severity}_, \`${code}\`\n${text}`;
    }),
  );
  return [INTRO, ...parts, '## The rules\n', ...pages].join('\n');
}

function anchorOf(code: string): string {
  return code.replace('/', '-');
}
