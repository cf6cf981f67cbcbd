import type { CatalogEntry } from './entry.ts';

export const upgrade = {
  'upgrade/downgrade': {
    severity: 'error',
    summary: 'An upgrade goes to a newer version.',
    why: 'Newer API servers store objects that older ones cannot read, and nodes never apply older add-ons.',
    remedy: 'Stay. The way back is a snapshot of etcd from before, restored into nodes of the older version.',
  },
  'upgrade/skipped-minor': {
    severity: 'error',
    summary: 'An upgrade skips no minor version of Kubernetes.',
    why: 'API servers of one cluster may be one minor version apart; further apart, they destroy what the others stored.',
    remedy: 'Go minor by minor; `triskel upgrade <blueprint>` lists where one can go.',
  },
  'upgrade/etcd-waypoint': {
    severity: 'error',
    summary: 'etcd goes minor by minor, and to 3.6 only from 3.5.26 or newer.',
    why: 'Members that were removed come back as zombies, or members turn into learners, and the cluster loses its quorum.',
    remedy: 'Give every member a newer patch of its etcd first: by newer version data, or by a newer Kubernetes patch.',
  },
  'upgrade/etcd-downgrade': {
    severity: 'error',
    summary: 'etcd does not go back to an older minor version.',
    why: 'etcd does not start on data that a newer minor version wrote.',
    remedy: 'Choose a version of Kubernetes that comes with this etcd or a newer one.',
  },
  'upgrade/not-editable': {
    severity: 'error',
    summary: 'The blueprint says its Kubernetes version in one place that nothing else uses.',
    why: 'An alias or a text over several lines cannot be changed without changing other things, too.',
    remedy: 'Change kubernetes.version by hand, then run this again: it shows the order of nodes.',
  },
  'upgrade/unwritable': {
    severity: 'error',
    summary: 'The blueprint can be written, and nobody else changes it meanwhile.',
    why: 'The file is as it was.',
    remedy: 'Mend what the message says and run the command again.',
  },
  'upgrade/outvoted-fragment': {
    severity: 'note',
    summary: 'A version that comes from a fragment is outvoted by a line of the blueprint’s own.',
    why: 'Every cluster that extends the fragment would be upgraded with it.',
    remedy: 'When all of them are there, change the fragment and take the line out of the blueprints.',
  },
  'upgrade/stale-output': {
    severity: 'warning',
    summary: 'Before an upgrade, the output folder is what the blueprint generates.',
    why: 'Nodes were made from the output: what has changed since then reaches them with the upgrade, and is listed with it.',
    remedy: '`triskel diff` shows it. Run `triskel generate` and re-make the nodes first, if it shall be apart.',
  },
  'upgrade/no-output': {
    severity: 'note',
    summary: 'The output folder says what the nodes were made from.',
    why: 'Without it, the nodes are taken to be what the blueprint generates today.',
    remedy: 'Run the command where the output of the cluster lies, or name its folder by --output.',
  },
  'upgrade/unpinned': {
    severity: 'warning',
    summary: 'Every download of the new version has a known hash.',
    why: '`triskel generate` refuses files whose hash nobody knows, and an image without a digest may change under its tag.',
    remedy: 'Run `triskel pin <blueprint>` before `triskel generate`.',
  },
  'upgrade/only-copy': {
    severity: 'warning',
    summary: 'A machine that is re-made does not hold the only copy of etcd’s data.',
    why: 'With its root disk goes every object of the cluster.',
    remedy: 'Copy the data away and back, as the steps say, or give etcd a disk of its own (etcd.disk).',
  },
} as const satisfies Record<string, CatalogEntry>;
