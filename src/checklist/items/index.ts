import type { CheckItem } from '../item.js';
import { PHASE_1 } from './phase-1.js';
import { PHASE_2 } from './phase-2.js';
import { TRAFFIC_ITEMS } from './traffic.js';

/** All questions, in the order to ask them. */
export const CHECKLIST: readonly CheckItem[] = [...PHASE_1, ...PHASE_2, ...TRAFFIC_ITEMS];
