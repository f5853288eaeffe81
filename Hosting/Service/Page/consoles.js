// What a guest prints, as it prints it. Guests are not trusted: it is shown as text, and only the last part is kept.

import { runPath, send } from './api.js';
import { by, setOptions } from './dom.js';

const MOST_CHARACTERS = 400_000;

export class Consoles {
  constructor() {
    this.run = null;
    this.isShown = false;
    by('console-guest').addEventListener('change', () => this.follow());
  }

  show(run) {
    const isOther = this.run?.id !== run.id;
    this.run = run;
    if (!isOther) return;
    setOptions(by('console-guest'), run.guests.map(guest => guest.name));
    by('console-guest').value = run.guests.at(-1)?.name ?? '';
    this.follow();
  }

  /** Reads only while it is looked at: a connection is worth something. */
  setShown(isShown) {
    this.isShown = isShown;
    this.follow();
  }

  async follow() {
    this.abort?.abort();
    const output = by('console');
    output.textContent = '';
    const guest = by('console-guest').value;
    if (!this.isShown || !this.run || !guest) return;
    const abort = this.abort = new AbortController();
    try {
      const answer = await send('GET', runPath(this.run.id, `/console/${encodeURIComponent(guest)}`), { parameters: { follow: true }, signal: abort.signal });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) append(output, part.value);
    } catch (problem) {
      if (!abort.signal.aborted) append(output, `\n[${problem.message}]\n`);
    }
  }
}

function append(output, text) {
  const isAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 20;
  output.append(text);
  if (output.childNodes.length > 200) output.normalize();
  if (output.textContent.length > MOST_CHARACTERS * 1.25) output.textContent = output.textContent.slice(-MOST_CHARACTERS);
  if (isAtEnd) output.scrollTop = output.scrollHeight;
}
