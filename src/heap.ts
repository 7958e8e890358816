import { setFlagsFromString } from 'node:v8';

/**
 * To be imported first by a process that thinks. V8 guesses which objects live long and makes them in the old part of the
 * heap at once. Of what a turn makes nothing lives long, and a wrong guess keeps the turns after it alive as well: half of
 * the young heap survived every collection, and a turn of a long conversation cost nearly twice as much (decision 22).
 */
setFlagsFromString('--no-allocation-site-pretenuring');
