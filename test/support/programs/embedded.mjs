// Starts the embedded server of a folder, says `ready`, and leaves it in order at the word `stop`.

const [module, dir] = process.argv.slice(2);
const { startEmbedded } = await import(module);
const server = await startEmbedded({ dir });
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  await server.stop();
  process.exit(0);
});
