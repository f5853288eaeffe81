// Series that grow at their end and lose their oldest part: columns in typed arrays with room to spare. What is shown are
// views into them, made anew by publish(), so that the timeline reads them as it reads recorded ones.

import { isBusy, lowerBound, upperBound } from './timeline.js';

const FIRST_CAPACITY = 64;
const MOST_FILLED = 0.75;
const LEAST_FILLED = 0.35;
const GROWTH = 1.5;

class Series {
  constructor(kinds) {
    this.kinds = kinds;
    this.stored = {};
    for (const [name, kind] of Object.entries(kinds)) this.stored[name] = new kind(FIRST_CAPACITY);
    this.capacity = FIRST_CAPACITY;
    this.head = 0;
    this.tail = 0;
    this.dropped = 0;
    this.isStale = true;
    this.publish();
  }

  /** How many there are, published or not. */
  get length() {
    return this.tail - this.head;
  }

  /** Makes room for one more, and for one sum behind it: by moving all to the front, or where that would not be for long, with other columns. */
  makeRoom() {
    this.isStale = true;
    if (this.tail + 2 <= this.capacity) return;
    const share = this.length / this.capacity;
    const capacity = share > MOST_FILLED || share < LEAST_FILLED ? Math.max(FIRST_CAPACITY, Math.ceil(this.length * GROWTH)) : this.capacity;
    for (const [name, kind] of Object.entries(this.kinds)) {
      const kept = this.stored[name].subarray(this.head, this.tail + 1);
      if (capacity === this.capacity) this.stored[name].set(kept);
      else {
        this.stored[name] = new kind(capacity);
        this.stored[name].set(kept);
      }
    }
    this.tail -= this.head;
    this.head = 0;
    this.capacity = capacity;
  }

  /** Leaves out the first so many. */
  dropFirst(count) {
    this.head += count;
    this.dropped += count;
    this.isStale = true;
  }

  /** Bytes that it takes. */
  get bytes() {
    return Object.values(this.stored).reduce((sum, column) => sum + column.byteLength, 0);
  }

  /** Shows what has come since. */
  publish() {
    if (!this.isStale) return;
    this.isStale = false;
    this.count = this.length;
    for (const name of Object.keys(this.kinds)) {
      this[name] = this.stored[name].subarray(this.head, this.tail + (name === 'busy' ? 1 : 0));
    }
  }
}

/** Slices of a lane, one behind the other; the last one may be open: it goes on until the present. */
export class LiveSlices extends Series {
  constructor() {
    super({ start: Float64Array, end: Float64Array, busy: Float64Array, label: Uint32Array });
    this.isOpen = false;
    this.countsBusy = false;
  }

  /** Where the next one can begin at the earliest. */
  get lastBound() {
    if (this.length === 0) return 0;
    return this.isOpen ? this.stored.start[this.tail - 1] : this.stored.end[this.tail - 1];
  }

  /** A slice begins. */
  open(at, label, style) {
    this.makeRoom();
    const { start, end, busy } = this.stored;
    const from = Math.max(at, this.lastBound);
    start[this.tail] = end[this.tail] = from;
    busy[this.tail + 1] = busy[this.tail];
    this.stored.label[this.tail] = label;
    this.tail++;
    this.isOpen = true;
    this.countsBusy = isBusy(style);
  }

  /** The open slice ends. */
  close(at) {
    if (!this.isOpen) return;
    this.reach(at);
    this.isOpen = false;
  }

  /** The open slice lasts until an instant at least. */
  reach(at) {
    if (!this.isOpen) return;
    const { start, end, busy } = this.stored;
    const last = this.tail - 1;
    end[last] = Math.max(at, start[last]);
    busy[this.tail] = busy[last] + (this.countsBusy ? end[last] - start[last] : 0);
    this.isStale = true;
  }

  /** Leaves out what ended before an instant; an open one stays. */
  dropBefore(at) {
    this.dropFirst(upperBound(this.stored.end, at, this.head, this.isOpen ? this.tail - 1 : this.tail) - this.head);
  }

  /** How many ended before an instant. */
  countBefore(at) {
    return upperBound(this.stored.end, at, this.head, this.isOpen ? this.tail - 1 : this.tail) - this.head;
  }
}

/** Points of a lane in order of time; a late one is put where it belongs. */
export class LivePoints extends Series {
  constructor() {
    super({ start: Float64Array, label: Uint32Array, detail: Uint32Array, task: Uint32Array });
  }

  add(at, label, detail, task) {
    this.makeRoom();
    let place = this.tail;
    if (this.length > 0 && this.stored.start[place - 1] > at) {
      place = upperBound(this.stored.start, at, this.head, this.tail);
      for (const name of Object.keys(this.kinds)) this.stored[name].copyWithin(place + 1, place, this.tail);
    }
    this.stored.start[place] = at;
    this.stored.label[place] = label;
    this.stored.detail[place] = detail;
    this.stored.task[place] = task;
    this.tail++;
  }

  /** Leaves out what happened before an instant. */
  dropBefore(at) {
    this.dropFirst(this.countBefore(at));
  }

  /** How many happened before an instant. */
  countBefore(at) {
    return lowerBound(this.stored.start, at, this.head, this.tail) - this.head;
  }
}
