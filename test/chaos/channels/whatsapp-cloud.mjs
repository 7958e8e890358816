import { setTimeout as pause } from 'node:timers/promises';
import { idOf } from '../../../dist/channels/whatsapp-cloud/ids.js';
import { haveWritten, loadDouble, peopleOf } from './double.mjs';

const retryMs = 200;
/** So soon Meta tells that it has sent what it accepted, in milliseconds. */
const statusMs = 100;

/** A number on the Cloud API, which calls the web process of the run. */
export async function openCloud({ pool, vault }) {
  const { startCloud } = await loadDouble('whatsapp-cloud');
  // The members of a run answer faster than anybody types: what one person may get is not what is tried here.
  const api = await startCloud({ limits: { pairBurst: 10_000 } });
  const statuses = tellStatuses(api);
  return {
    ...{ channel: 'whatsapp-cloud', account: `whatsapp-cloud-${api.phoneId}`, simulator: false },
    env: {
      WHATSAPP_CLOUD_TOKEN: api.token,
      WHATSAPP_CLOUD_PHONE_ID: api.phoneId,
      WHATSAPP_CLOUD_APP_SECRET: api.appSecret,
      WHATSAPP_CLOUD_VERIFY_TOKEN: api.verifyToken,
      WHATSAPP_CLOUD_API_ROOT: api.url,
    },
    isCalled: true,
    // As many as its pace lets be on their way at once.
    inFlight: { reply: 16, bulk: 8 },
    ...peopleOf({
      pool,
      vault,
      newPerson: () => api.person(),
      acceptances: () => api.accepted.map(({ id }) => idOf(id)),
      waiting: () => api.webhook.pending,
    }),
    welcome: (people) => haveWritten(pool, people),
    /** Meta verifies the address that it is to call, which the web process answers once it is there. */
    async connect(origin, signal) {
      while (!(await api.subscribe(`${origin}/whatsapp/webhook`).catch(() => false)))
        await pause(retryMs, undefined, { signal });
    },
    end: () => {
      clearInterval(statuses);
      return api.close();
    },
  };
}

/** Tells of every accepted message that it was sent, of several in one call, as Meta does: by that an unknown row becomes known. */
function tellStatuses(api) {
  let told = 0;
  return setInterval(() => {
    const news = api.accepted.slice(told);
    told += news.length;
    if (news.length > 0) api.reportSent(news);
  }, statusMs);
}
