/**
 * Types of Ignition configs. Each version of the config specification has a module of its own, so that a later one
 * changes nothing for those who write an earlier one.
 */
export type * as v3_3 from './v3_3.js';

import type { Config as Config3_3 } from './v3_3.js';

/** A config of any version that this package knows; `ignition.version` tells which. */
export type Config = Config3_3;
