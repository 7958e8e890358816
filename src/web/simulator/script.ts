/**
 * What the page does beyond a plain form: sends without reloading (again and again under the same id until it arrived),
 * shows new messages as they come, and marks people with unread ones. Every text from outside is either escaped by the
 * server or set as text.
 */
export const script = `'use strict';
(() => {
  const phone = document.querySelector('.phone[data-person]');
  const people = document.querySelector('#people');
  const person = phone && phone.dataset.person;
  const seen = {
    of: (id) => Number(localStorage.getItem('seen-' + id) || 0),
    set: (id, last) => localStorage.setItem('seen-' + id, String(Math.max(last, seen.of(id)))),
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
  if (!phone) return;

  const chat = document.querySelector('#chat');
  const hint = document.querySelector('#hint');
  const form = document.querySelector('#write');
  const field = document.querySelector('#text');
  const address = form.action;

  const toEnd = () => { chat.scrollTop = chat.scrollHeight; };
  toEnd();

  let down = false;
  let typing = 0;
  const tell = () => {
    hint.className = down ? 'down' : '';
    hint.textContent = down ? 'Menyambung kembali…' : typing ? 'Sapa sedang mengetik…' : '';
  };
  const setDown = (now) => { down = now; tell(); };
  const setTyping = (now) => {
    clearTimeout(typing);
    typing = now ? setTimeout(() => setTyping(false), 20000) : 0;
    tell();
  };

  const place = (bubble) => {
    const old = chat.querySelector('[data-message="' + CSS.escape(bubble.messageId) + '"]');
    if (old) old.remove();
    const waiting = chat.querySelector('.waiting');
    if (waiting) waiting.insertAdjacentHTML('beforebegin', bubble.html);
    else chat.insertAdjacentHTML('beforeend', bubble.html);
    setTyping(!bubble.fromBot);
    toEnd();
  };

  let after = phone.dataset.last;
  const listen = () => {
    const events = new EventSource('/simulator/people/' + person + '/events?after=' + after);
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
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    });
  };
  listen();

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };

  const post = (url, body) =>
    fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

  const showWaiting = (id, text) => {
    const item = document.createElement('li');
    item.className = 'bubble me waiting';
    item.dataset.message = id;
    const words = document.createElement('p');
    words.className = 'text';
    words.textContent = text;
    const note = document.createElement('time');
    note.textContent = 'mengirim…';
    item.append(words, note);
    chat.append(item);
    toEnd();
    return item;
  };

  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const arrived = async (message, item) => {
    const answer = await post(address, message).catch(() => null);
    if (answer === null || answer.status >= 500) return false;
    if (!answer.ok) item.querySelector('time').textContent = 'tidak terkirim';
    return true;
  };
  let line = Promise.resolve();
  const send = (said, text) => {
    const message = { id: newId(), ...said };
    const item = showWaiting(message.id, text);
    line = line.then(async () => {
      while (!(await arrived(message, item))) await wait(1000);
    });
  };

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
  for (const attach of document.querySelectorAll('.attach form')) {
    attach.addEventListener('submit', async (event) => {
      event.preventDefault();
      const fields = new FormData(attach);
      fields.set('id', newId());
      const isFile = attach.enctype === 'multipart/form-data';
      const body = isFile ? fields : new URLSearchParams(fields);
      const answer = await fetch(attach.action, { method: 'POST', body }).catch(() => null);
      hint.textContent = answer && answer.ok ? '' : 'Tidak terkirim. Silakan coba lagi.';
      if (answer && answer.ok) attach.closest('details').open = false;
    });
  }
  chat.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = JSON.parse(event.submitter.value);
    send({ button }, button.label);
  });

  const restart = document.querySelector('#restart');
  const restarted = document.querySelector('#restarted');
  restart.addEventListener('submit', async (event) => {
    event.preventDefault();
    restarted.textContent = 'Bot sedang dimulai ulang…';
    const answer = await post(restart.action, {}).catch(() => null);
    restarted.textContent = answer && answer.ok ? 'Bot sudah dimulai ulang.' : 'Bot belum dapat dimulai ulang. Silakan coba lagi.';
  });
})();
`;
