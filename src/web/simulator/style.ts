/** The look of the simulator; large letters, strong contrast, one column on a narrow phone. */
export const style = `
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
body {
  display: grid; grid-template-columns: 18rem minmax(0, 1fr); gap: 1.5rem;
  padding: 1.5rem; background: #e3ded6; color: #111b21;
  font: 18px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: 1.35rem; margin: 0 0 .25rem; }
h2, header p { margin: 0; }
button, input, textarea { font: inherit; color: inherit; }
:focus-visible { outline: 3px solid #1a56c4; outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

aside { overflow-y: auto; padding: .25rem; }
.explain { margin: 0 0 1rem; font-size: 1rem; color: #3b4a54; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; display: grid; gap: .375rem; }
nav a {
  display: flex; justify-content: space-between; align-items: center; gap: .5rem; min-height: 48px;
  padding: .375rem .875rem; border-radius: .625rem; background: #fff; color: inherit; text-decoration: none;
}
nav a[aria-current] { background: #075e54; color: #fff; }
.unread { padding: 0 .5rem; border-radius: 1rem; background: #b3261e; color: #fff; font-size: .875rem; font-weight: 600; }
.tools { display: grid; gap: 1rem; }
.add { padding: .5rem .875rem; border-radius: .625rem; background: #f4f1ec; }
.add summary { min-height: 36px; padding: .25rem 0; cursor: pointer; font-weight: 600; }
.add form, #restart { display: grid; gap: .5rem; }
.add input { width: 100%; min-height: 48px; padding: .5rem .75rem; border: 2px solid #54656f; border-radius: .5rem; background: #fff; }
aside button {
  min-height: 48px; padding: .5rem .875rem; border: 2px solid #075e54; border-radius: .5rem;
  background: #075e54; color: #fff; font-weight: 600; cursor: pointer;
}
aside button.quiet { background: transparent; color: #075e54; }
.record { display: grid; gap: .5rem; }
.record a {
  display: grid; place-items: center; min-height: 48px; padding: .5rem .875rem; border: 2px solid #075e54;
  border-radius: .5rem; color: #075e54; font-weight: 600; text-decoration: none;
}
.record p { margin: 0; font-size: 1rem; color: #3b4a54; }
.mistake { margin: 0; color: #8c1d18; font-weight: 600; }
#restarted { margin: 0; font-size: 1rem; }
#restarted:empty { display: none; }

main { min-height: 0; display: flex; justify-content: center; }
.phone {
  display: flex; flex-direction: column; width: 100%; max-width: 30rem; height: 100%; min-height: 0;
  border-radius: 1.25rem; overflow: hidden; background: #efeae2; box-shadow: 0 .25rem 1.5rem rgb(0 0 0 / .25);
}
header { display: flex; align-items: center; gap: .75rem; padding: .75rem 1rem; background: #075e54; color: #fff; }
header h2 { font-size: 1.125rem; }
header p { font-size: 1rem; }
.face {
  display: grid; place-items: center; flex: none; width: 2.75rem; height: 2.75rem; border-radius: 50%;
  background: #fff; color: #075e54; font-size: 1.375rem; font-weight: 700;
}
.empty { margin: auto; padding: 1.5rem; text-align: center; }
#chat {
  flex: 1; min-height: 0; overflow-y: auto; margin: 0; padding: 1rem; list-style: none;
  display: flex; flex-direction: column; gap: .625rem;
}
#chat > :first-child { margin-top: auto; }
.bubble, #write { position: relative; }
.bubble .file { display: block; }
.bubble .file img { display: block; max-width: 100%; max-height: 20rem; border-radius: .5rem; }
.bubble { max-width: 88%; padding: .5rem .75rem; border-radius: .75rem; box-shadow: 0 1px 1px rgb(0 0 0 / .15); }
.bot { align-self: flex-start; background: #fff; border-top-left-radius: 0; }
.me { align-self: flex-end; background: #d9fdd3; border-top-right-radius: 0; }
.me.waiting { opacity: .75; }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
time { display: block; text-align: right; font-size: .875rem; color: #4a5860; }
.choices { display: grid; gap: .5rem; margin-top: .5rem; }
.choices button {
  min-height: 48px; padding: .5rem .75rem; border: 2px solid #00695c; border-radius: .5rem;
  background: #fff; color: #00594e; font-weight: 600; cursor: pointer; overflow-wrap: anywhere;
}
.choices button:hover { background: #e6f4f1; }
.bubble:has(~ .bot) .choices button { border: 1px solid #8696a0; color: #3b4a54; font-weight: 400; }
#hint { margin: 0; padding: .25rem 1rem; font-size: 1rem; color: #3b4a54; background: #efeae2; }
#hint:empty { display: none; }
#hint.down { background: #fff3cd; color: #5c4400; font-weight: 600; }
.attach { padding: .25rem .75rem .75rem; background: #f0f2f5; }
.attach summary { min-height: 36px; cursor: pointer; font-weight: 600; }
.attach form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .25rem 0; }
.attach input, .attach button { min-height: 48px; }
.attach input[type=number] { width: 7rem; }
#write { display: flex; gap: .5rem; padding: .75rem; background: #f0f2f5; }
#write textarea {
  flex: 1; min-width: 0; min-height: 52px; max-height: 9rem; padding: .75rem; resize: none; font-size: 1.125rem;
  border: 2px solid #54656f; border-radius: .75rem; background: #fff; field-sizing: content;
}
#write button {
  min-width: 5rem; min-height: 52px; align-self: flex-end; padding: 0 1rem; border: 0; border-radius: .75rem;
  background: #00695c; color: #fff; font-weight: 700; cursor: pointer;
}

@media (max-width: 48rem) {
  body { display: flex; flex-direction: column; gap: 0; padding: 0; height: 100dvh; }
  aside { flex: none; max-height: 45%; padding: .5rem .75rem 0; }
  aside h1, .explain { display: none; }
  nav ul { display: flex; overflow-x: auto; margin-bottom: .5rem; padding: 3px; }
  nav li { flex: none; }
  nav ul { scrollbar-width: thin; }
  .tools { grid-template-columns: 1fr 1fr; gap: .5rem; align-items: start; margin-bottom: .5rem; }
  .tools { font-size: 1rem; }
  .add[open] { grid-column: 1 / -1; }
  main { flex: 1; }
  .phone { max-width: none; border-radius: 0; }
}
`;
