// Causal chains of a run, and the messages of one of them: which actor sent what to whom, when.

import { getJson, runPath } from './api.js';
import { by, listenToListKeys, make, markOption } from './dom.js';
import { drawSequence } from './sequence.js';
import { shortDuration } from './timeline.js';

const PAGE = 50;

export class Messages {
  constructor(page) {
    this.page = page;
    this.chains = [];
    this.next = null;
    by('chain-form').addEventListener('submit', event => {
      event.preventDefault();
      this.find();
    });
    by('more-chains').addEventListener('click', () => this.read(this.next));
    listenToListKeys(by('chains'), index => this.choose(this.chains[index]));
  }

  show(run) {
    if (this.run?.id !== run.id) {
      this.run = run;
      this.forget();
      if (this.isShown) this.find();
    }
    this.run = run;
  }

  setShown(isShown) {
    this.isShown = isShown;
    if (isShown && this.run && this.chains.length === 0) this.find();
  }

  /** What is still being answered is not waited for. */
  forget() {
    this.asked = (this.asked ?? 0) + 1;
    this.chains = [];
    this.drawn = null;
    by('chains').replaceChildren();
    by('sequence').replaceChildren();
    by('more-chains').hidden = true;
    by('chain-note').textContent = '';
  }

  async find() {
    this.forget();
    this.page.tellPlace();
    const { asked } = this;
    await this.read(null);
    if (this.asked === asked && this.chains.length === 0 && by('chain-note').textContent === '') by('chain-note').textContent = 'No chain yet.';
  }

  async read(after) {
    const { id } = this.run;
    const { asked } = this;
    try {
      const choice = { symbol: by('chain-symbol').value.trim(), task: by('chain-task').value.trim(), limit: PAGE, after };
      const page = await getJson(runPath(id, '/chains'), choice);
      if (this.asked !== asked) return;
      this.next = page.next;
      by('more-chains').hidden = !page.next;
      this.chains.push(...page.items);
      by('chains').append(...page.items.map(chain => this.element(chain)));
      by('chain-note').textContent = '';
    } catch (problem) {
      if (this.asked === asked) by('chain-note').textContent = problem.message;
    }
  }

  element(chain) {
    const what = [chain.task, chain.guest].filter(Boolean).join(' in ');
    const element = make('li', { id: `chain-${chain.id}`, onclick: () => this.choose(chain) },
      make('b', { textContent: chain.name }), make('i', { textContent: shortDuration(chain.endNs - chain.startNs) }),
      make('span', { textContent: `${(chain.startNs / 1e9).toFixed(9)} s ${what}` }));
    element.setAttribute('role', 'option');
    element.dataset.chain = chain.id;
    return element;
  }

  choose(chain) {
    const element = by(`chain-${chain.id}`);
    markOption(by('chains'), element);
    element.scrollIntoView({ block: 'nearest' });
    return this.draw(chain.id);
  }

  /** Draws a chain, whether it is in the list or not. */
  async draw(chainId) {
    const { id } = this.run;
    this.drawn = chainId;
    this.page.tellPlace();
    const target = by('sequence');
    try {
      const chain = await getJson(runPath(id, `/chains/${encodeURIComponent(chainId)}`));
      if (this.run.id !== id || this.drawn !== chainId) return;
      target.replaceChildren(this.heading(chain), drawSequence(chain));
    } catch (problem) {
      target.replaceChildren(make('p', { className: 'bad', textContent: problem.message }));
    }
  }

  heading(chain) {
    const from = Math.min(...chain.messages.map(message => message.startNs));
    const until = Math.max(...chain.messages.map(message => message.endNs));
    const parts = [
      make('b', { textContent: chain.name }), ` ${(from / 1e9).toFixed(9)} s, ${shortDuration(until - from)} `,
      make('button', { type: 'button', textContent: 'On the timeline', onclick: () => this.page.showRange(from, until) }),
    ];
    const { jaeger } = this.page.settings;
    if (jaeger) parts.push(' ', make('a', { textContent: 'In Jaeger', href: `${jaeger}/trace/${chain.id}`, target: '_blank', rel: 'noopener' }));
    return make('p', { className: 'note' }, ...parts);
  }
}
