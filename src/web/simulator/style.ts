/** The look of the simulator; large letters, strong contrast, one column on a narrow phone, light or dark as the device is. */
export const style = `
:root {
  color-scheme: light dark;
  --ink: #111b21; --soft: #3b4a54; --dim: #4a5860; --room: #e3ded6; --wall: #efeae2; --card: #fff; --bar: #f0f2f5;
  --panel: #f4f1ec; --own: #d9fdd3; --line: #54656f; --past: #8696a0; --green: #075e54; --deed: #00594e; --edge: #00695c;
  --hover: #e6f4f1; --focus: #1a56c4; --wrong: #8c1d18; --down: #fff3cd; --down-ink: #5c4400;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e9edef; --soft: #c3ced4; --dim: #b3bfc6; --room: #0c1317; --wall: #111b21; --card: #202c33; --bar: #1b262c;
    --panel: #1b262c; --own: #0b4a41; --line: #8696a0; --past: #6b7a83; --green: #075e54; --deed: #7fe0cd; --edge: #4fb3a2;
    --hover: #2a3a42; --focus: #8ab4ff; --wrong: #ffb4ab; --down: #4a3b00; --down-ink: #ffe08a;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { margin: 0; }
body {
  display: grid; grid-template-columns: 18rem minmax(0, 1fr); gap: 1.5rem; height: max(100vh, 30rem); height: max(100dvh, 30rem);
  padding: 1.5rem; background: var(--room); color: var(--ink);
  font: 18px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: 1.35rem; margin: 0 0 .25rem; }
h2, header p { margin: 0; }
button, input, textarea { font: inherit; color: inherit; }
::placeholder { color: var(--dim); opacity: 1; }
button:disabled { opacity: .6; cursor: default; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

aside { display: flex; flex-direction: column; min-height: 0; padding: .25rem; overflow-y: auto; }
.explain { margin: 0; font-size: 1rem; color: var(--soft); }
nav { flex: 0 1 auto; min-height: 8rem; margin-bottom: 1rem; padding: 3px; overflow: auto; scrollbar-width: thin; }
nav:not(:has(a)) { display: none; }
nav ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .375rem; }
nav a {
  display: flex; justify-content: space-between; align-items: center; gap: .5rem; min-height: 48px; padding: .375rem .875rem;
  border: 2px solid transparent; border-radius: .625rem; background: var(--card); color: inherit; text-decoration: none;
}
nav a[aria-current] { background: var(--green); color: #fff; }
.unread { padding: 0 .5rem; border-radius: 1rem; background: #b3261e; color: #fff; font-size: .875rem; font-weight: 600; }
.tools { flex: none; }
summary { display: list-item; min-height: 44px; padding: .5rem 0; cursor: pointer; font-weight: 600; }
.set { display: grid; gap: .75rem; padding-bottom: .25rem; }
.add { padding: 0 .875rem; border: 1px solid transparent; border-radius: .625rem; background: var(--panel); }
.add form, #restart { display: grid; gap: .5rem; }
.add form { padding-bottom: .875rem; }
.add input, .attach input {
  width: 100%; min-width: 0; min-height: 48px; padding: .5rem .75rem; border: 2px solid var(--line); border-radius: .5rem;
  background: var(--card);
}
aside button, .record a, .attach button {
  min-height: 48px; padding: .5rem .875rem; border: 2px solid var(--green); border-radius: .5rem;
  background: var(--green); color: #fff; font-weight: 600; cursor: pointer;
}
aside button.quiet, .record a { border-color: var(--edge); background: transparent; color: var(--deed); }
.record { display: grid; gap: .25rem; }
.record a { display: grid; place-items: center; text-decoration: none; }
.record p { margin: 0; font-size: 1rem; color: var(--soft); }
.mistake { margin: 0; color: var(--wrong); font-weight: 600; }
#restarted { margin: 0; font-size: 1rem; }
#restarted:empty, .attach [role=status]:empty { display: none; }

main { min-width: 0; min-height: 0; display: flex; justify-content: center; }
.phone {
  display: flex; flex-direction: column; width: 100%; max-width: 30rem; min-height: 0;
  border: 1px solid transparent; border-radius: 1.25rem; overflow: hidden; background: var(--wall);
  box-shadow: 0 .25rem 1.5rem rgb(0 0 0 / .25);
}
header { display: flex; align-items: center; gap: .75rem; padding: .75rem 1rem; background: var(--green); color: #fff; }
header h2 { font-size: 1.125rem; }
header p { font-size: 1rem; }
.face {
  display: grid; place-items: center; flex: none; width: 2.75rem; height: 2.75rem; border-radius: 50%;
  background: #fff; color: #075e54; font-size: 1.375rem; font-weight: 700;
}
.empty { margin: auto; padding: 1.5rem; text-align: center; }
noscript p { margin: 0; padding: .5rem 1rem; background: var(--down); color: var(--down-ink); }
noscript a { color: inherit; font-weight: 600; }
#chat { position: relative; flex: 1 1 12rem; min-height: 12rem; overflow-y: auto; overscroll-behavior: contain; }
#chat ol {
  display: flex; flex-direction: column; gap: .625rem; min-height: 100%; margin: 0; padding: 1rem; list-style: none;
}
#chat ol > :first-child { margin-top: auto; }
.bubble .file { display: block; color: inherit; }
.bubble .file img { display: block; max-width: 100%; max-height: 20rem; border-radius: .5rem; }
.bubble {
  max-width: 88%; padding: .5rem .75rem; border: 1px solid transparent; border-radius: .75rem;
  box-shadow: 0 1px 1px rgb(0 0 0 / .15);
}
.bot { align-self: flex-start; background: var(--card); border-top-left-radius: 0; }
.me { align-self: flex-end; background: var(--own); border-top-right-radius: 0; }
.me.waiting { border: 1px dashed var(--line); }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
time { display: block; text-align: right; font-size: .875rem; color: var(--dim); }
.choices fieldset { display: grid; gap: .5rem; min-width: 0; margin: .5rem 0 0; padding: 0; border: 0; }
.choices button {
  min-height: 48px; padding: .5rem .75rem; border: 2px solid var(--edge); border-radius: .5rem;
  background: var(--card); color: var(--deed); font-weight: 600; cursor: pointer; overflow-wrap: anywhere; touch-action: manipulation;
}
.choices button:hover:enabled { background: var(--hover); }
.bubble:has(~ .bot) .choices button { border: 1px solid var(--past); color: var(--soft); font-weight: 400; }
#hint { margin: 0; padding: .25rem 1rem; font-size: 1rem; color: var(--soft); }
#hint:empty { display: none; }
#hint.down { background: var(--down); color: var(--down-ink); font-weight: 600; }
.attach { max-height: 50vh; padding: 0 .75rem; overflow-y: auto; background: var(--bar); }
.attach form { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem .5rem; align-items: end; padding-bottom: .75rem; }
.attach .wide, .attach button, .attach [role=status] { grid-column: 1 / -1; }
.attach label { display: grid; gap: .25rem; }
.attach [role=status] { margin: 0; font-size: 1rem; }
#write { display: flex; gap: .5rem; padding: .75rem .75rem .375rem; background: var(--bar); }
#write textarea {
  flex: 1; min-width: 0; min-height: 52px; max-height: 9rem; padding: .75rem; resize: none; font-size: 1.125rem;
  border: 2px solid var(--line); border-radius: .75rem; background: var(--card); field-sizing: content;
}
#write button {
  min-width: 5rem; min-height: 52px; align-self: flex-end; padding: 0 1rem; border: 2px solid transparent; border-radius: .75rem;
  background: #00695c; color: #fff; font-weight: 700; cursor: pointer;
}

@media (min-width: 48.01rem) {
  .tools[open] > summary { display: none; }
}
@media (max-width: 48rem) {
  body { display: flex; flex-direction: column; gap: 0; height: 100vh; height: 100dvh; padding: 0; }
  aside { flex: none; padding: .375rem .75rem 0; overflow: visible; }
  aside h1 { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  nav { min-height: 0; margin-bottom: 0; }
  nav ul { display: flex; }
  nav li { flex: none; }
  main { flex: 1 0 25rem; }
  .phone { max-width: none; border: 0; border-radius: 0; box-shadow: none; }
  header { padding: .375rem .75rem; }
  .face { width: 2.25rem; height: 2.25rem; font-size: 1.125rem; }
}
@media (forced-colors: active) {
  nav a[aria-current] { border-color: Highlight; }
  .me { border-style: dashed; }
}
`;
