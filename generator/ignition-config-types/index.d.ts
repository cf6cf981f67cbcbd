/**
 * Types of Ignition configs. Each version of the config specification has a module of its own, so that a later one
 * changes nothing for those who write an earlier one.
 */
export type * as v3_3 from './v3_3.js';
export type * as v3_4 from './v3_4.js';
export type * as v3_5 from './v3_5.js';
export type * as v3_6 from './v3_6.js';

import type { Config as Config3_3 } from './v3_3.js';
import type { Config as Config3_4 } from './v3_4.js';
import type { Config as Config3_5 } from './v3_5.js';
import type { Config as Config3_6 } from './v3_6.js';

/** A config of any version that this package knows; `ignition.version` tells which. */
export type Config = Config3_3 | Config3_4 | Config3_5 | Config3_6;

/** The versions that this package knows. */
export type Version = Config['ignition']['version'];
