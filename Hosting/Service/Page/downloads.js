// The run in every format, and the journal.

import { directAddress, runPath } from './api.js';
import { by, make } from './dom.js';

export class Downloads {
  /** `range` answers the range that is shown, in nanoseconds. */
  constructor(formats, range) {
    this.formats = formats;
    this.range = range;
    by('download-form').addEventListener('input', () => this.offer());
    by('download-form').addEventListener('submit', event => event.preventDefault());
  }

  show(run) {
    const isOther = this.run?.id !== run.id;
    this.run = run;
    if (isOther) this.offer();
  }

  /** Links, whose addresses are made when they are followed: the range that is shown changes. */
  offer() {
    const { id } = this.run;
    const formats = this.formats.map(format => this.link(format.name, format.description, () => directAddress(runPath(id, `/replay/${format.name}`), this.choice(format))));
    by('downloads').replaceChildren(
      ...formats,
      this.link('journal', 'the run itself: actortrace verify, replay, report', () => directAddress(runPath(id, '/journal'))),
      this.link('summary', 'the figures of actortrace inspect --json', () => directAddress(runPath(id, '/summary'))),
      this.link('report', 'the figures of actortrace report --json', () => directAddress(runPath(id, '/report'))));
  }

  link(name, description, address) {
    const link = make('a', { textContent: name, className: 'button', download: '', href: address() });
    for (const event of ['pointerdown', 'focus', 'click']) link.addEventListener(event, () => { link.href = address(); });
    link.dataset.download = name;
    return make('li', {}, link, make('span', { textContent: description }));
  }

  /** What is wanted of the run; a format that shows all of it at once has no views and no CPUs to choose. */
  choice(format) {
    const [from, until] = by('download-range').checked ? this.range().map(at => `${at}ns`) : [];
    const part = { from, until, task: by('download-task').value.trim() };
    return format.hasViews ? { ...part, view: by('download-view').value, cpu: by('download-cpu').value.trim() } : part;
  }
}
