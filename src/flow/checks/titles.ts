import { channelCapabilities } from '../capabilities.js';
import { atHead, type Check } from './check.js';

const narrowest = Math.min(
  ...Object.values(channelCapabilities).flatMap(({ buttons }) => (buttons === null ? [] : [buttons.label])),
);

/** What can be asked for is offered by its title when it is not clear: the title fits on a button. */
export const titles: Check = {
  name: 'titles',
  run: ({ raws }) =>
    raws
      .filter(({ triggers, title }) => triggers.length > 0 && title.length > narrowest)
      .filter(() => raws.some((raw) => raw.unsure))
      .map((raw) =>
        atHead(
          raw,
          'title',
          `The title "${raw.title}" is too long for a button.`,
          `Use at most ${narrowest} characters.`,
        ),
      ),
};
