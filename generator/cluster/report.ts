import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Takes a finding while the work goes on, so that one run tells all of them. */
export type Report = (diagnostic: Diagnostic) => void;
