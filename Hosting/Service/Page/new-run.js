// A new run from files that are dropped or chosen: a scenario, and what it names.

import { Problem, send } from './api.js';
import { by, make } from './dom.js';

export class NewRun {
  /** `begun` gets the run. */
  constructor(begun) {
    this.begun = begun;
    this.files = new Map();
    this.scenario = null;
    by('new-run').addEventListener('click', () => this.open());
    by('new-cancel').addEventListener('click', () => by('new-dialog').close());
    by('new-files').addEventListener('change', () => this.add(by('new-files').files));
    by('new-form').addEventListener('submit', event => {
      event.preventDefault();
      this.start();
    });
    this.listenToDrops();
  }

  open() {
    this.files.clear();
    this.scenario = null;
    by('new-form').reset();
    this.show('');
    by('new-dialog').showModal();
  }

  listenToDrops() {
    let depth = 0;
    const set = value => {
      depth = value;
      by('drop').hidden = depth === 0;
    };
    const hasFiles = event => event.dataTransfer?.types.includes('Files');
    document.addEventListener('dragenter', event => hasFiles(event) && set(depth + 1));
    document.addEventListener('dragleave', event => hasFiles(event) && set(Math.max(0, depth - 1)));
    document.addEventListener('dragover', event => hasFiles(event) && event.preventDefault());
    document.addEventListener('drop', event => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      set(0);
      if (!by('new-dialog').open) this.open();
      this.add(event.dataTransfer.files);
    });
  }

  async add(list) {
    for (const file of list) this.files.set(file.name, file);
    if (!this.files.has(this.scenario)) this.scenario = await findScenario([...this.files.values()]);
    this.show('');
    by('new-start').focus();
  }

  show(problem) {
    by('new-problem').textContent = problem;
    by('new-start').disabled = this.scenario === null;
    by('new-list').replaceChildren(...[...this.files.values()].map(file => this.element(file)));
  }

  element(file) {
    const choice = make('input', { type: 'radio', name: 'scenario', checked: file.name === this.scenario, onchange: () => { this.scenario = file.name; this.show(''); } });
    const remove = make('button', { type: 'button', textContent: '\u00d7', onclick: () => this.remove(file.name) });
    remove.setAttribute('aria-label', `Leave out ${file.name}`);
    const isText = /\.ya?ml$/i.test(file.name);
    return make('li', {}, isText ? make('label', {}, choice, ` ${file.name}`) : make('span', { textContent: file.name }),
      make('i', { textContent: `${file.name === this.scenario ? 'scenario, ' : ''}${Math.ceil(file.size / 1024)} KiB` }), remove);
  }

  remove(name) {
    this.files.delete(name);
    if (this.scenario === name) this.scenario = null;
    this.show('');
  }

  async start() {
    if (this.scenario === null) return;
    const form = new FormData();
    form.set('scenario', this.files.get(this.scenario), this.scenario);
    for (const [name, file] of this.files) if (name !== this.scenario) form.append('file', file, name);
    if (by('new-for').value.trim()) form.set('for', by('new-for').value.trim());
    if (by('new-paused').checked) form.set('paused', 'true');
    by('new-start').disabled = true;
    try {
      const run = await (await send('POST', '/runs', { body: form })).json();
      by('new-dialog').close();
      this.begun(run);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.show(problem.message);
    }
  }
}

/** The YAML file that has guests: kernel profiles are YAML, too. Null where there is none. */
async function findScenario(files) {
  for (const file of files.filter(each => /\.ya?ml$/i.test(each.name))) {
    if (/^guests\s*:/m.test(await file.text())) return file.name;
  }
  return null;
}
