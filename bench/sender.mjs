const { createDelivery } = await import('../dist/delivery/delivery.js');
const { defaultProfile } = await import('../dist/delivery/profile.js');
const { openQueues } = await import('../dist/delivery/queue.js');
const { channelCapabilities } = await import('../dist/flow/capabilities.js');

/** The delivery of a base over one channel, with a queue in Redis; `end` stops it. `profile`: what is otherwise than as delivered. */
export async function startSender(
  { pool, vault, fileStore, now, newId, log, url },
  redisUrl,
  channel,
  profile = {},
) {
  const queues = await openQueues({ redisUrl, databaseUrl: url, log });
  const delivery = createDelivery({
    ...{ pool, vault, fileStore, now, newId, log, queues, channels: [channel], workers: true },
    profile: { ...defaultProfile, bulkHours: 'always', ...profile },
  });
  delivery.start();
  return {
    wake: delivery.wake,
    async end() {
      await delivery.stop();
      await queues.close();
    },
  };
}

/** A provider that takes everything at once. */
export function createDouble(account, pace, onSend) {
  return {
    ...{ name: account, account, simulator: true, webhook: null, sameIdIsOneMessage: true },
    ...{ capabilities: channelCapabilities.simulator, pace },
    async send({ id, bulk = false }) {
      onSend(id, bulk);
      return { providerId: id };
    },
  };
}
