// The page of the host service: one run is shown at a time; its address says which, and which part of it.

import { getJson, runPath, setToken, token } from './api.js';
import { Consoles } from './consoles.js';
import { COUNTERS_MS, Counters } from './counters.js';
import { Dock } from './dock.js';
import { by, repeat } from './dom.js';
import { Downloads } from './downloads.js';
import { EventStream } from './event-stream.js';
import { listenToKeys } from './keys.js';
import { LiveApp, LiveView } from './live-app.js';
import { LiveTimeline, MOST_KEPT } from './live-timeline.js';
import { Messages } from './messages.js';
import { NewRun } from './new-run.js';
import { Probes } from './probes.js';
import { isLive, RunBar } from './run-bar.js';
import { RunList } from './run-list.js';
import { absolute, followAddress, grouped, listen } from './timeline.js';

const VIEWS = { both: ['gpos', 'hypervisor'], gpos: ['gpos'], board: ['board'] };

class Page {
  constructor(settings) {
    this.settings = settings;
    this.run = null;
    this.streams = [];
    this.states = new Map();
    this.app = new LiveApp(new LiveTimeline('', []), new LiveView(false));
    this.app.onPainted = () => this.painted();
    this.counters = new Counters();
    this.bar = new RunBar(this);
    this.probes = new Probes();
    this.consoles = new Consoles();
    this.messages = new Messages(this);
    this.downloads = new Downloads(settings.formats, () => this.range());
    this.newRun = new NewRun(run => this.open(run.id));
    this.dock = new Dock(name => {
      this.tool = name;
      this.tellPlace();
      this.consoles.setShown(name === 'console');
      this.messages.setShown(name === 'messages');
    });
    this.list = new RunList(id => this.open(id), problem => this.tellService(problem));
    this.listenToPage();
    repeat(() => this.refresh(), COUNTERS_MS);
  }

  listenToPage() {
    listen(this.app);
    listenToKeys(this);
    by('view').addEventListener('change', () => this.open(this.run.id, by('view').value));
    by('follow').addEventListener('click', () => this.toggleFollow());
    by('token').addEventListener('change', () => {
      setToken(by('token').value);
      location.reload();
    });
    document.addEventListener('visibilitychange', () => {
      for (const stream of this.streams) document.hidden ? stream.rest() : stream.open();
    });
    window.addEventListener('hashchange', () => this.followAddress());
    this.followAddress();
  }

  /** Opens the run that the address names. */
  async followAddress() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const [id, view] = [parts.get('run'), parts.get('view') ?? 'both'];
    if (!id || (id === this.run?.id && view === this.view)) return;
    const address = location.hash;
    await this.open(id, VIEWS[view] ? view : 'both');
    if (this.run?.id !== id) return;
    if (parts.has('t')) this.wanted = address;
    this.dock.open(parts.get('tool') ?? this.tool, false);
    if (parts.has('chain')) this.messages.draw(parts.get('chain'));
  }

  async open(id, view = 'both') {
    this.close();
    let run;
    try {
      run = await getJson(runPath(id));
    } catch (problem) {
      this.tellService(problem);
      return;
    }
    this.run = run;
    this.view = view;
    this.wanted = null;
    by('view').value = view;
    by('welcome').hidden = true;
    by('run').hidden = false;
    this.list.mark(id);
    this.counters.clear();
    this.begin(run);
    this.progress(run);
    this.app.resize();
    document.title = `${run.name} - ActorTrace`;
  }

  /** An empty timeline, and the streams that fill it. */
  begin(run) {
    this.app.load(new LiveTimeline(run.name, this.view === 'board' ? [] : run.guests, this.settings.mostKept ?? MOST_KEPT), new LiveView(isLive(run)));
    this.tellPlace();
    by('timeline').removeAttribute('data-ready');
    this.states = new Map();
    this.streams = VIEWS[this.view].map(name => new EventStream(run.id, name === 'hypervisor' ? 'board' : name, {
      events: events => {
        this.app.timeline.add(events, name);
        this.app.arrived();
      },
      missed: count => this.app.timeline.miss(name, count),
      progress: now => this.progress(now),
      end: now => this.ended(name, now),
      state: state => this.tellStream(name, state),
    }));
    this.app.arrived();
  }

  /** What stands in the address besides the range and the selection. */
  tellPlace() {
    if (!this.run) return;
    const { drawn } = this.messages;
    this.app.place = [
      `run=${encodeURIComponent(this.run.id)}`,
      ...(this.view === 'both' ? [] : [`view=${this.view}`]),
      ...(this.tool === 'probes' ? [] : [`tool=${this.tool}`]),
      ...(this.tool === 'messages' && drawn ? [`chain=${encodeURIComponent(drawn)}`] : []),
    ];
    this.app.repaint();
  }

  close() {
    for (const stream of this.streams) stream.close();
    this.streams = [];
  }

  progress(run) {
    if (run.id !== this.run?.id) return;
    const wasLive = isLive(this.run);
    this.run = run;
    for (const part of [this.bar, this.probes, this.consoles, this.messages, this.downloads]) part.show(run);
    // One that is continued has more to tell than its streams did.
    if (!wasLive && isLive(run) && this.streams.every(stream => stream.isOver)) this.open(run.id, this.view);
  }

  ended(name, run) {
    this.app.timeline.reach(name, run.simulatedNs);
    this.progress(run);
    this.app.arrived();
  }

  /** After each picture: what the toolbar says of it. */
  painted() {
    const { app } = this;
    by('follow').setAttribute('aria-pressed', String(app.view.isMoving));
    by('follow').disabled = !app.view.canMove;
    this.counters.measure(app.timeline.events);
    const isWhole = this.streams.length > 0 && this.streams.every(stream => stream.isOver);
    if (isWhole && app.view.canMove && !app.waiting) this.settle();
    this.tellStreams();
  }

  /** The run is over and all of it is here. */
  settle() {
    const { app, wanted } = this;
    app.view.settle();
    if (wanted) followAddress(app, wanted);
    this.wanted = null;
    by('timeline').setAttribute('data-ready', 'true');
    app.repaint();
  }

  tellStream(name, state) {
    this.states.set(name, state);
    this.tellStreams();
  }

  tellStreams() {
    const { timeline } = this.app;
    const parts = [];
    if ([...this.states.values()].includes('interrupted')) parts.push('connection interrupted, trying again');
    if (timeline.hasDropped) parts.push(`only the latest ${grouped(timeline.mostKept)} bars and marks are kept: from ${(timeline.first / 1e9).toFixed(3)} s on`);
    const text = parts.join('; ');
    if (by('stream-state').textContent !== text) by('stream-state').textContent = text;
  }

  tellService(problem) {
    by('service').textContent = problem?.message ?? '';
    by('token-field').hidden = !(problem?.status === 401 || token());
  }

  deleted(id) {
    if (id !== this.run?.id) return;
    this.close();
    this.run = null;
    this.app.load(new LiveTimeline('', []), new LiveView(false));
    by('run').hidden = true;
    by('welcome').hidden = false;
    this.list.refresh();
  }

  async refresh() {
    if (this.run === null) return;
    await this.counters.refresh(this.run.id);
  }

  toggleFollow() {
    this.app.view.follow(!this.app.view.isMoving);
    this.app.repaint();
  }

  nextView() {
    const names = Object.keys(VIEWS);
    if (this.run) this.open(this.run.id, names[(names.indexOf(this.view) + 1) % names.length]);
  }

  /** The range that is shown, in nanoseconds. */
  range() {
    const { timeline, view } = this.app;
    return [absolute(timeline, view.from), absolute(timeline, view.until)];
  }

  showRange(from, until) {
    const margin = Math.max((until - from) / 4, 500);
    this.app.view.show(from - margin, until + margin);
    this.app.repaint();
    by('scroller').focus();
  }
}

window.actortrace = new Page(await (await fetch('/page/settings.json')).json());
