// Plays the process that holds a connection to WhatsApp. What it does stands where the address of the server would.
const tell = (name, body) => process.send({ what: 'tell', name, body });

const deeds = {
  'close-408': () => tell('closed', { code: 408 }),
  'close-405': () => tell('closed', { code: 405 }),
  'too-large': () => tell('alive', { rss: 401 * 1024 * 1024 }),
  nonsense: () => tell('whisper', 'halo'),
  silent: () => {},
  crash: () => process.exit(1),
};

process.on('message', ({ name, body }) => {
  if (name === 'stop') process.exit(0);
  if (name !== 'start') return;
  tell('qr', `${process.pid}`);
  deeds[body.socketUrl]();
});
process.on('disconnect', () => process.exit(0));
