/** What the commands of the command line do: all of them, for `main.ts` to load once its settings are right. */
export * from './commands/broadcasts.js';
export * from './commands/channels.js';
export * from './commands/chat.js';
export * from './commands/flows.js';
export * from './commands/machine.js';
export * from './commands/people.js';
export * from './commands/rakor.js';
export * from './commands/start.js';
