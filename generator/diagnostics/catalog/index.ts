import { blueprint } from './blueprint.ts';
import { cloud } from './cloud.ts';
import { cluster } from './cluster.ts';
import { clusterCloud } from './cluster-cloud.ts';
import { cli } from './cli.ts';
import { consoles } from './console.ts';
import { drills } from './drill.ts';
import { facts } from './facts.ts';
import { labs } from './lab.ts';
import { glusterfs } from './glusterfs.ts';
import { output } from './output.ts';
import { pacemaker } from './pacemaker.ts';
import { parse } from './parse.ts';
import { pin } from './pin.ts';
import { plan } from './plan.ts';
import { replace } from './replace.ts';
import { review } from './review.ts';
import { secrets } from './secrets.ts';
import { settings } from './settings.ts';
import { upgrade } from './upgrade.ts';

/** Every code that the program can say, by the stage that says it. Codes are stable: never renamed, never reused. */
export const catalog = {
  ...parse,
  ...blueprint,
  ...facts,
  ...cluster,
  ...clusterCloud,
  ...settings,
  ...pacemaker,
  ...glusterfs,
  ...review,
  ...plan,
  ...pin,
  ...secrets,
  ...output,
  ...upgrade,
  ...cloud,
  ...cli,
  ...consoles,
  ...labs,
  ...replace,
  ...drills,
} as const;

export type Code = keyof typeof catalog;

export type { CatalogEntry } from './entry.ts';
