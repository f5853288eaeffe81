// Probes of a live run: written to its control tree, as a user of the GPOS writes to /sys.

import { getJson, runPath, send } from './api.js';
import { Combobox } from './combobox.js';
import { by, make, setOptions } from './dom.js';
import { isLive } from './run-bar.js';

const MOST_SHOWN = 200;
const COMPLETIONS = 30;

export class Probes {
  constructor() {
    this.run = null;
    this.combobox = new Combobox(by('probe-place'), by('probe-list'), prefix => this.complete(prefix));
    by('probe-form').addEventListener('submit', event => {
      event.preventDefault();
      this.start();
    });
    by('probe-stop').addEventListener('click', () => this.stop());
    by('probe-kind').addEventListener('change', () => {
      by('probe-place').value = '';
      by('probe-return').disabled = by('probe-kind').value === 'probes';
    });
  }

  show(run) {
    if (this.run?.id !== run.id) {
      by('writes').replaceChildren();
      setOptions(by('probe-guest'), run.guests.map(guest => guest.name));
      // The last guest: the first one is mostly the GPOS, which traces the others.
      by('probe-guest').value = run.guests.at(-1)?.name ?? '';
    }
    this.run = run;
    for (const element of by('probe-form').elements) element.disabled = !isLive(run);
    if (by('probe-kind').value === 'probes') by('probe-return').disabled = true;
  }

  async complete(prefix) {
    const guest = encodeURIComponent(by('probe-guest').value);
    const kind = by('probe-kind').value;
    if (kind === 'symbol') return prefix === '' ? [] : (await getJson(runPath(this.run.id, `/symbols/${guest}`), { prefix, limit: COMPLETIONS })).items;
    if (kind === 'probes') return (await getJson(runPath(this.run.id, `/probesets/${guest}`))).items.filter(name => name.startsWith(prefix));
    return [];
  }

  start() {
    const kind = by('probe-kind').value;
    const place = by('probe-place').value.trim() + (kind !== 'probes' && by('probe-return').checked ? '/return' : '');
    return this.write([
      ['trace/guest', by('probe-guest').value],
      ['trace/filter', by('probe-filter').value.trim() || 'none'],
      [`trace/${kind}`, place],
      ['trace/enable', '1'],
    ]);
  }

  stop() {
    return this.write([['trace/guest', by('probe-guest').value], ['trace/enable', '0']]);
  }

  /** Writes files in turn; the first that does not succeed is the last. */
  async write(files) {
    const { id } = this.run;
    for (const [file, value] of files) {
      const entry = this.note(file, value);
      let result;
      try {
        const answer = await send('PUT', runPath(id, `/control/${file}`), { body: `${value}\n`, headers: { 'Content-Type': 'text/plain' } });
        result = (await answer.text()).trim();
      } catch (problem) {
        result = problem.message;
      }
      const isFine = result === 'ok' || result === 'pending';
      entry.append(make('b', { className: isFine ? 'good' : 'bad', textContent: result }));
      entry.scrollIntoView({ block: 'nearest' });
      if (!isFine) return;
    }
  }

  note(file, value) {
    const entry = make('li', {}, make('code', { textContent: `echo ${value} > ${file}` }), ' ');
    by('writes').append(entry);
    while (by('writes').children.length > MOST_SHOWN) by('writes').firstChild.remove();
    return entry;
  }
}
