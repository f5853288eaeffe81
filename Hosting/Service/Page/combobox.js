// A text field with completion from the service (the combobox pattern of the WAI-ARIA practices, 1.2).

import { make } from './dom.js';

const PAUSE_MS = 120;

export class Combobox {
  /** `complete` answers what a text can become. */
  constructor(input, list, complete) {
    this.input = input;
    this.list = list;
    this.complete = complete;
    this.asked = 0;
    this.active = -1;
    input.addEventListener('input', () => this.askSoon());
    input.addEventListener('keydown', event => this.onKey(event));
    input.addEventListener('blur', () => this.hide());
  }

  askSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const turn = ++this.asked;
    const items = await this.complete(this.input.value.trim()).catch(() => []);
    if (turn === this.asked && document.activeElement === this.input) this.show(items);
  }

  show(items) {
    this.list.replaceChildren(...items.map((item, index) => {
      const option = make('li', { id: `${this.list.id}-${index}`, textContent: item });
      option.setAttribute('role', 'option');
      // Before the field loses the focus.
      option.addEventListener('pointerdown', event => {
        event.preventDefault();
        this.take(item);
      });
      return option;
    }));
    this.activate(-1);
    this.list.hidden = items.length === 0;
    this.input.setAttribute('aria-expanded', String(items.length > 0));
  }

  hide() {
    clearTimeout(this.waiting);
    this.asked++;
    this.show([]);
  }

  activate(index) {
    this.active = index;
    [...this.list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    const option = this.list.children[index];
    if (option) this.input.setAttribute('aria-activedescendant', option.id);
    else this.input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  }

  take(text) {
    this.input.value = text;
    this.hide();
  }

  onKey(event) {
    const count = this.list.children.length;
    if (event.key === 'ArrowDown' && this.list.hidden) this.ask();
    else if (event.key === 'ArrowDown') this.activate(Math.min(this.active + 1, count - 1));
    else if (event.key === 'ArrowUp') this.activate(Math.max(this.active - 1, -1));
    else if (event.key === 'Enter' && this.active >= 0) this.take(this.list.children[this.active].textContent);
    else if (event.key === 'Tab' && !event.shiftKey && count === 1 && this.active < 0) {
      this.take(this.list.children[0].textContent);
      return;
    } else if (event.key === 'Escape' && !this.list.hidden) this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
