import { createInterface } from 'node:readline';

const errorLevel = 50;

/** Counts what the processes complained of, so that a failure can be understood after they are gone. */
export function createComplaints() {
  const counts = new Map();
  const add = (name, what) => {
    const key = `${name}: ${what}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const hear = (name, stream) =>
    createInterface({ input: stream }).on('line', (line) => {
      const what = complaintIn(line);
      if (what !== null) add(name, what);
    });
  const list = () => [...counts].sort((a, b) => b[1] - a[1]).map(([what, times]) => `${times} × ${what}`);
  return { add, hear, list };
}

function complaintIn(line) {
  const entry = parsed(line);
  if (entry === null)
    return line.startsWith('Sapa is ready') || line.trim() === '' ? null : line.slice(0, 300);
  if (entry.level < errorLevel) return null;
  const { code, message } = entry.err ?? {};
  return [entry.msg, code, message].filter(Boolean).join(' | ').slice(0, 300);
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
