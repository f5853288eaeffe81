// Names on a live timeline, each kept once: labels of slices and points, and what points say (as LabelTable.cs, TextTable.cs).

import { STYLE } from './timeline.js';

export class LabelTable {
  constructor() {
    this.all = [];
    this.colors = new Array(Object.keys(STYLE).length).fill(0);
    this.byText = new Map();
    this.tasks = new Map();
    this.running = new Map();
  }

  /** Number of a label. */
  of(style, text) {
    const key = `${style}:${text}`;
    return this.byText.get(key) ?? this.keep(this.byText, key, { text, style, color: this.colors[style]++ });
  }

  /** Number of a task's label: tasks are told apart by pid and named as they are seen first. */
  ofTask(pid, name) {
    const known = this.tasks.get(pid);
    if (known !== undefined) return known;
    if (pid === 0) return this.keep(this.tasks, 0, { text: 'idle', style: STYLE.idle, color: 0 });
    return this.keep(this.tasks, pid, { text: name, style: STYLE.task, color: this.colors[STYLE.task]++ });
  }

  /** What a task is called in its own lane while it runs. */
  ofRunning(pid, name, cpu) {
    const key = `${pid}@${cpu}`;
    return this.running.get(key) ?? this.keep(this.running, key, { ...this.all[this.ofTask(pid, name)], text: `running on CPU ${cpu}` });
  }

  keep(map, key, label) {
    map.set(key, this.all.push(label) - 1);
    return this.all.length - 1;
  }
}

export class TextTable {
  constructor() {
    this.all = [''];
    this.numbers = new Map([['', 0]]);
  }

  of(text) {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.all.push(text) - 1);
    return this.all.length - 1;
  }

  /** Keeps only the texts that columns of numbers name, and numbers them anew there. */
  keepOnly(columns) {
    const old = this.all.splice(0, this.all.length, '');
    this.numbers = new Map([['', 0]]);
    const renumbered = new Map([[0, 0]]);
    for (const column of columns) {
      for (let i = 0; i < column.length; i++) {
        let number = renumbered.get(column[i]);
        if (number === undefined) renumbered.set(column[i], number = this.of(old[column[i]]));
        column[i] = number;
      }
    }
  }
}
