import { atHead, type Check } from './check.js';

/** Exactly one flow is where a conversation begins, at most one asks what was meant, and at most one is the way to a human. */
export const beginning: Check = {
  name: 'beginning',
  run({ raws }) {
    const begins = raws.filter((raw) => raw.fallback);
    const single = [begins, raws.filter((raw) => raw.unsure), raws.filter((raw) => raw.human)];
    const extra = single.flatMap((all) => all.slice(1));
    const twice = extra.map((raw) =>
      atHead(raw, 'flow', 'Only one flow may be fallback, one unsure and one human.', 'Remove it here.'),
    );
    const none = begins.length > 0 ? [] : raws.slice(0, 1);
    const missing = none.map((raw) =>
      atHead(raw, 'flow', 'No flow says fallback: true.', 'Say in which flow a conversation begins.'),
    );
    return [...twice, ...missing];
  },
};
