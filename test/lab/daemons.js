import { IKECTL } from './iked.js';
import { DAEMONS } from './install.js';
import { WHACK } from './libreswan.js';
import { STARTER } from './starter.js';
import { SWANCTL } from './strongswan.js';
const CONTROLS = { charon: SWANCTL, starter: STARTER, pluto: WHACK, iked: IKECTL };
export const controlOf = (daemon) => CONTROLS[DAEMONS[daemon].kind];
