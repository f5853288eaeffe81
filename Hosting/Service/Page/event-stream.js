// Live events of one view of a run. A stream that was cut off goes on where it was; one that is not looked at rests.

import { directAddress, runPath } from './api.js';

const RETRY_MS = 2000;

export class EventStream {
  /** Listeners: events(list), missed(count), progress(run), end(run), state(text). */
  constructor(id, view, listeners) {
    this.id = id;
    this.view = view;
    this.listeners = listeners;
    this.next = 0;
    this.isOver = false;
    this.open();
  }

  open() {
    if (this.source || this.isOver) return;
    const source = new EventSource(directAddress(runPath(this.id, '/events'), { view: this.view, from: this.next }));
    this.source = source;
    source.addEventListener('open', () => this.listeners.state('live'));
    source.addEventListener('events', message => this.take(JSON.parse(message.data)));
    source.addEventListener('missed', message => this.miss(JSON.parse(message.data)));
    source.addEventListener('progress', message => this.listeners.progress(JSON.parse(message.data)));
    source.addEventListener('end', message => {
      this.isOver = true;
      this.rest();
      this.listeners.state('over');
      this.listeners.end(JSON.parse(message.data));
    });
    source.addEventListener('error', () => {
      // A new connection, and not the browser's own, so that it begins at the event wanted next.
      this.rest();
      this.listeners.state('interrupted');
      this.retry = setTimeout(() => this.open(), RETRY_MS);
    });
  }

  take({ first, events }) {
    const known = this.next - first;
    this.next = Math.max(this.next, first + events.length);
    if (known < events.length) this.listeners.events(known > 0 ? events.slice(known) : events);
  }

  miss({ from, to }) {
    if (to <= this.next) return;
    this.listeners.missed(to - Math.max(from, this.next));
    this.next = to;
  }

  /** Lets go of the connection until open(). */
  rest() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  close() {
    this.isOver = true;
    this.rest();
  }
}
