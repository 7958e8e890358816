/**
 * What the page does beyond a plain form: sends without reloading (again and again under the same id until it arrived, also
 * after a reload), shows new messages as they come, and marks people with unread ones. Every text from outside is either
 * escaped by the server or set as text.
 */
export const script = `'use strict';
(() => {
  const phone = document.querySelector('.phone[data-person]');
  const people = document.querySelector('#people');
  const person = phone && phone.dataset.person;

  // A browser may forbid its storage: what is kept then lasts as long as the page.
  const kept = (open) => {
    const here = new Map();
    return {
      get: (key) => { try { return open().getItem(key); } catch { return here.get(key) ?? null; } },
      set: (key, value) => { try { open().setItem(key, value); } catch { here.set(key, value); } },
    };
  };
  const ofBrowser = kept(() => localStorage);
  const ofTab = kept(() => sessionStorage);

  const seen = {
    of: (id) => Number(ofBrowser.get('seen-' + id) || 0),
    set: (id, last) => ofBrowser.set('seen-' + id, String(Math.max(last, seen.of(id)))),
  };
  const markUnread = () => {
    for (const link of people.querySelectorAll('a')) {
      const last = Number(link.dataset.last);
      if (link.dataset.person === person && !document.hidden) seen.set(person, last);
      link.querySelector('.unread').hidden = last <= seen.of(link.dataset.person);
    }
  };
  markUnread();
  document.addEventListener('visibilitychange', markUnread);

  const wide = matchMedia('(min-width: 48.01rem)');
  const tools = document.querySelector('.tools');
  const add = tools.querySelector('.add');
  const fitTools = () => {
    const wanted = add.dataset.wanted === 'true';
    tools.open = wide.matches || wanted;
    add.open = !wide.matches || wanted;
  };
  fitTools();
  people.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  wide.addEventListener('change', fitTools);
  if (!phone) return;

  const chat = document.querySelector('#chat');
  const bubbles = chat.querySelector('ol');
  const hint = document.querySelector('#hint');
  const form = document.querySelector('#write');
  const field = document.querySelector('#text');

  // A second click or tap must not answer a question that only just came under the finger.
  const unreadMs = 700;
  let movedAt = performance.now();

  // Who reads older messages is left there.
  let following = true;
  const atEnd = () => chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const follow = () => {
    const last = bubbles.lastElementChild;
    const tall = last && last.matches('.bot') && last.offsetHeight > chat.clientHeight - 32;
    chat.scrollTop = tall ? last.offsetTop - 16 : chat.scrollHeight;
    following = !tall;
  };
  new ResizeObserver(() => { if (following) follow(); }).observe(chat);
  chat.addEventListener('load', () => { if (following) follow(); }, true);

  let down = false;
  let typing = 0;
  let below = false;
  const doing = () => below ? 'Ada pesan baru di bawah.' : typing ? 'Sapa sedang mengetik…' : '';
  const tell = () => {
    const words = down ? 'Menyambung kembali…' : doing();
    hint.className = down ? 'down' : '';
    if (hint.textContent !== words) hint.textContent = words;
  };
  chat.addEventListener('scroll', () => {
    following = atEnd();
    if (following) below = false;
    tell();
  });
  const setDown = (now) => { down = now; tell(); };
  const freeChoices = () => {
    for (const choices of chat.querySelectorAll('.choices fieldset:disabled')) choices.disabled = false;
  };
  const setTyping = (now) => {
    clearTimeout(typing);
    typing = now ? setTimeout(() => setTyping(false), 20000) : 0;
    if (!now) freeChoices();
    tell();
  };

  const bubbleOf = (id) => bubbles.querySelector('[data-message="' + CSS.escape(id) + '"]');
  const place = (bubble) => {
    const old = bubbleOf(bubble.messageId);
    if (old) old.remove();
    const waiting = bubbles.querySelector('.waiting');
    if (waiting) waiting.insertAdjacentHTML('beforebegin', bubble.html);
    else bubbles.insertAdjacentHTML('beforeend', bubble.html);
    movedAt = performance.now();
    if (following) follow();
    else if (bubble.fromBot) below = true;
    setTyping(!bubble.fromBot);
  };

  // A browser opens six connections to one host: a tab nobody looks at must not hold one.
  let after = phone.dataset.last;
  let events = null;
  const listen = () => {
    events = new EventSource('/simulator/people/' + person + '/events?after=' + after);
    events.addEventListener('open', () => setDown(false));
    events.addEventListener('bubble', (event) => {
      after = event.lastEventId;
      place(JSON.parse(event.data));
    });
    events.addEventListener('people', (event) => {
      const focused = people.contains(document.activeElement) && document.activeElement.dataset.person;
      people.innerHTML = JSON.parse(event.data);
      if (focused) people.querySelector('[data-person="' + focused + '"]')?.focus();
      markUnread();
    });
    events.addEventListener('error', () => {
      setDown(true);
      setTimeout(attend, 1000);
    });
  };
  const attend = () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (events === null || events.readyState === EventSource.CLOSED) listen();
  };
  attend();
  document.addEventListener('visibilitychange', attend);

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };

  const post = (url, body) =>
    fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const wordsOf = async (answer) => {
    const text = await answer.text().catch(() => '');
    try { return JSON.parse(text).error || text; } catch { return text; }
  };

  const showWaiting = ({ id, text }) => {
    const item = document.createElement('li');
    item.className = 'bubble me waiting';
    item.dataset.message = id;
    item.setAttribute('aria-live', 'off');
    const words = document.createElement('p');
    words.className = 'text';
    words.dir = 'auto';
    words.textContent = text;
    const note = document.createElement('time');
    note.textContent = 'mengirim…';
    item.append(words, note);
    bubbles.append(item);
    movedAt = performance.now();
    follow();
  };
  const showRefused = (id, words) => {
    const item = bubbleOf(id);
    item?.classList.remove('waiting');
    const note = item?.querySelector('time');
    if (note) note.textContent = 'tidak terkirim. ' + words;
    freeChoices();
    if (following) follow();
  };

  // What has not left is kept with its id: the server takes it once, however often it comes.
  const unsent = JSON.parse(ofTab.get('unsent') || '[]');
  const keepUnsent = () => ofTab.set('unsent', JSON.stringify(unsent));
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const arrived = async ({ of, id, said }) => {
    const answer = await post('/simulator/people/' + of + '/messages', { id, ...said }).catch(() => null);
    if (answer === null || answer.status >= 500) return false;
    if (!answer.ok) showRefused(id, await wordsOf(answer));
    return true;
  };
  let sending = false;
  const sendAll = async () => {
    if (sending) return;
    sending = true;
    while (unsent.length > 0) {
      if (await arrived(unsent[0])) {
        unsent.shift();
        keepUnsent();
      } else await wait(1000);
    }
    sending = false;
  };
  const send = (said, text) => {
    const message = { of: person, id: newId(), said, text };
    unsent.push(message);
    keepUnsent();
    showWaiting(message);
    sendAll();
  };
  for (const message of unsent) {
    if (message.of === person && !bubbleOf(message.id)) showWaiting(message);
  }
  sendAll();

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value;
    field.value = '';
    field.focus();
    if (text.trim() !== '') send({ text }, text);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  let byKeys = false;
  chat.addEventListener('click', (event) => { byKeys = event.detail === 0; });
  chat.addEventListener('submit', (event) => {
    event.preventDefault();
    if (performance.now() - movedAt < unreadMs) return;
    const button = JSON.parse(event.submitter.value);
    event.target.querySelector('fieldset').disabled = true;
    if (byKeys) field.focus();
    send({ button }, button.label);
  });

  const away = 'Belum terkirim: Sapa sedang tidak dapat dihubungi. Isian ini masih ada; silakan coba lagi sebentar lagi.';
  const submitted = async (attach) => {
    const fields = new FormData(attach);
    const body = attach.enctype === 'multipart/form-data' ? fields : new URLSearchParams(fields);
    const answer = await fetch(attach.action, { method: 'POST', body }).catch(() => null);
    if (answer === null || answer.status >= 500) return away;
    return answer.ok ? null : 'Tidak terkirim. ' + (await wordsOf(answer));
  };
  for (const attach of document.querySelectorAll('.attach form')) {
    const button = attach.querySelector('button');
    const note = attach.querySelector('[role=status]');
    const renew = () => { attach.elements.id.value = newId(); };
    attach.addEventListener('change', () => {
      renew();
      note.textContent = '';
    });
    attach.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      note.textContent = 'mengirim…';
      const problem = await submitted(attach);
      button.disabled = false;
      note.textContent = problem ?? '';
      if (problem !== null) return;
      attach.reset();
      renew();
      attach.closest('details').open = false;
    });
  }

  const restart = document.querySelector('#restart');
  const restarted = document.querySelector('#restarted');
  restart?.addEventListener('submit', async (event) => {
    event.preventDefault();
    restarted.textContent = 'Bot sedang dimulai ulang…';
    const answer = await post(restart.action, {}).catch(() => null);
    const again = 'Bot belum dapat dimulai ulang. Silakan coba lagi.';
    const refused = answer && answer.status < 500 ? await wordsOf(answer) : again;
    restarted.textContent = answer && answer.ok ? 'Bot sudah dimulai ulang.' : refused;
  });
})();
`;
