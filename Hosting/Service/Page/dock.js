// The tools below the timeline, one at a time (the tabs pattern of the WAI-ARIA practices).

import { by } from './dom.js';

export class Dock {
  /** `shown` gets the name of the tool that is shown now. */
  constructor(shown) {
    this.shown = shown;
    this.tabs = [...by('tabs').children];
    for (const tab of this.tabs) tab.addEventListener('click', () => this.open(nameOf(tab), false));
    by('tabs').addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const next = this.tabs[(this.tabs.indexOf(this.tab) + step + this.tabs.length) % this.tabs.length];
      this.open(nameOf(next), false);
      next.focus();
    });
    this.open('probes', false);
  }

  open(name, takesFocus) {
    if (!this.tabs.some(tab => nameOf(tab) === name)) return;
    for (const tab of this.tabs) {
      const isShown = nameOf(tab) === name;
      if (isShown) this.tab = tab;
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      by(tab.getAttribute('aria-controls')).hidden = !isShown;
    }
    by('dock').dataset.tool = name;
    this.shown(name);
    if (takesFocus) by(`panel-${name}`).querySelector('[data-first]').focus();
  }
}

function nameOf(tab) {
  return tab.id.replace('tab-', '');
}
