// A timeline that grows while it is shown, in bounded memory: what is oldest is left out when there is too much. It is made
// of the service's events as TimelineBuilder.cs makes one of a recorded run; tests/Pages.Tests compares the two.

import { STYLE } from './timeline.js';
import { CpuLane, HypervisorLane, TaskLane } from './live-lanes.js';
import { LabelTable, TextTable } from './live-labels.js';
import { describeArguments, handlerName, pointLabel, reasonOf, roleOf, stateLabel } from './event-words.js';

/** The most slices and points that are kept: 30 to 60 bytes each. */
export const MOST_KEPT = 1_500_000;
const SHARE_DROPPED = 0.25;
const EXITED_STATES = 0x30;
const NO_ARROWS = {
  count: 0, longest: 0, start: new Float64Array(0), end: new Float64Array(0), from: new Uint32Array(0), to: new Uint32Array(0), detail: new Uint32Array(0),
};

export class LiveTimeline {
  constructor(title, guests, mostKept = MOST_KEPT) {
    this.title = title;
    this.guests = guests;
    this.mostKept = mostKept;
    this.start = 0n;
    this.arrows = NO_ARROWS;
    this.lanes = [];
    this.events = 0;
    this.kept = 0;
    this.first = -1;
    this.last = 0;
    this.hasDropped = false;
    this.labelTable = new LabelTable();
    this.texts = new TextTable();
    this.cpus = new Map();
    this.cores = new Map();
    this.tasks = new Map();
    this.reached = new Map();
    this.missed = new Map();
    this.roles = new Map();
    this.isArranged = true;
  }

  get labels() {
    return this.labelTable.all;
  }

  get details() {
    return this.texts.all;
  }

  /** How long it is; the page needs a length of at least 1. */
  get span() {
    return Math.max(this.last, 1);
  }

  /** Takes in events in order of time. Streams are the views gpos and board, and hypervisor: of the board view only the hypervisor's. */
  add(events, stream) {
    const onlyHypervisor = stream === 'hypervisor';
    this.bridge(stream, events[0]?.t);
    let latest = this.reached.get(stream) ?? 0;
    for (const event of events) {
      let role = this.roles.get(event.n);
      if (role === undefined) this.roles.set(event.n, role = roleOf(event.n));
      latest = Math.max(latest, event.t);
      if (role === 'hypEnter' || role === 'hypExit' || role === 'step') this.onCore(event, role);
      else if (onlyHypervisor) continue;
      else if (role === 'lost') this.lose(event.t, event.c, event.a.count);
      else this.onCpu(event, role);
      if (this.first < 0) this.first = event.t;
      else if (event.t < this.first && !this.hasDropped) this.first = event.t;
      this.events++;
    }
    this.reach(stream, latest);
  }

  /** A stream is known until an instant. */
  reach(stream, at) {
    this.reached.set(stream, Math.max(at, this.reached.get(stream) ?? 0));
    this.last = Math.max(this.last, at);
  }

  /** Events of a stream never came here: what happened until the next ones is not known. */
  miss(stream, count) {
    this.missed.set(stream, (this.missed.get(stream) ?? 0) + count);
  }

  /** Marks the gap before an event that comes behind missed ones. */
  bridge(stream, at) {
    const count = this.missed.get(stream);
    if (count === undefined || at === undefined) return;
    this.missed.delete(stream);
    if (stream !== 'gpos') for (const core of this.cores.values()) core.exit(this.reached.get(stream));
    if (stream !== 'hypervisor') for (const cpu of [...this.cpus.keys()]) this.lose(at, cpu, count);
  }

  onCore(event, role) {
    const core = this.cores.get(event.c) ?? this.keep(this.cores, event.c, new HypervisorLane(event.c));
    if (role === 'hypEnter') {
      core.enter(event.t, this.labelTable.of(STYLE.hypervisor, reasonOf(event.a)));
      this.kept++;
    } else if (role === 'hypExit') core.exit(event.t);
    else this.addPoint(core.lane, event);
  }

  onCpu(event, role) {
    const cpu = this.cpuLane(event.c);
    cpu.seen(event.t, this.labelTable.ofTask(event.p, event.m), event.p === 0 ? STYLE.idle : STYLE.task);
    switch (role) {
      case 'switch': this.switchTask(cpu, event); break;
      case 'wakeup': this.wake(event); break;
      case 'enter':
        if (cpu.interrupts.slices.length === 0) this.isArranged = false;
        cpu.enter(event.t, this.labelTable.of(STYLE.interrupt, handlerName(event)));
        break;
      case 'exit': cpu.exit(event.t); break;
      case 'point': this.addPoint(cpu.lane, event); break;
      default: return;
    }
    this.kept++;
  }

  switchTask(cpu, { t: at, c: number, a: args }) {
    const style = args.next_pid === 0 ? STYLE.idle : STYLE.task;
    cpu.run(at, this.labelTable.ofTask(args.next_pid, args.next_comm), style);
    if (args.prev_pid !== 0) {
      const leaves = this.taskLane(args.prev_pid, args.prev_comm, number);
      if ((args.prev_state & EXITED_STATES) !== 0) leaves.forget(at);
      else {
        const [state, text] = stateLabel(args.prev_state);
        leaves.become(at, state, this.labelTable.of(state, text), number);
        this.kept++;
      }
    }
    if (args.next_pid !== 0) {
      const label = this.labelTable.ofRunning(args.next_pid, args.next_comm, number);
      this.taskLane(args.next_pid, args.next_comm, number).become(at, STYLE.task, label, number);
      this.kept++;
    }
  }

  wake(event) {
    if (event.a.pid === 0) return;
    const task = this.taskLane(event.a.pid, event.a.comm, event.c);
    this.addPoint(task.lane, event);
    task.wake(event.t, this.labelTable.of(STYLE.woken, 'runnable, woken'), event.c);
  }

  lose(at, number, count) {
    const cpu = this.cpuLane(number);
    for (const task of this.tasks.values()) if (task.cpu === number) task.forget(cpu.lastSeen >= 0 ? cpu.lastSeen : at);
    const label = this.labelTable.of(STYLE.loss, count === 0 ? 'not traced' : `${count} event${count === 1 ? '' : 's'} lost`);
    cpu.lose(at, label);
    cpu.lane.points.add(at, label, 0, this.labelTable.ofTask(0, ''));
    this.kept += 2;
  }

  addPoint(lane, event) {
    const [style, text] = pointLabel(event);
    lane.points.add(event.t, this.labelTable.of(style, text), this.texts.of(describeArguments(event)), this.labelTable.ofTask(event.p, event.m));
    this.kept++;
  }

  cpuLane(cpu) {
    return this.cpus.get(cpu) ?? this.keep(this.cpus, cpu, new CpuLane(cpu, this.guestOf(cpu)));
  }

  taskLane(pid, name, cpu) {
    return this.tasks.get(pid) ?? this.keep(this.tasks, pid, new TaskLane(pid, name, this.guestOf(cpu)));
  }

  guestOf(cpu) {
    return this.guests.find(guest => cpu >= guest.firstCpu && cpu < guest.firstCpu + guest.vcpus)?.name ?? '';
  }

  keep(map, key, lane) {
    map.set(key, lane);
    this.isArranged = false;
    return lane;
  }

  /** Every lane, in the order in which they are shown. */
  everyLane() {
    const byNumber = map => [...map.keys()].sort((a, b) => a - b).map(key => map.get(key));
    const cpus = byNumber(this.cpus);
    const guests = [...new Set(cpus.map(cpu => cpu.lane.note))];
    const tasks = byNumber(this.tasks).sort((a, b) => guests.indexOf(a.guest) - guests.indexOf(b.guest));
    return [...cpus.flatMap(cpu => cpu.lanes), ...byNumber(this.cores).map(core => core.lane), ...tasks.map(task => task.lane)];
  }

  /** Shows what has come since the last time, and leaves out the oldest part where there is too much. */
  publish() {
    if (this.kept > this.mostKept) this.dropOldest();
    const changed = !this.isArranged;
    if (changed) {
      this.isArranged = true;
      this.lanes = this.everyLane();
      this.lanes.forEach((lane, index) => { lane.index = index; });
    }
    for (const lane of this.lanes) {
      const stream = this.streamOf(lane);
      lane.slices.reach(this.reached.get(stream) ?? 0);
      lane.slices.publish();
      lane.points.publish();
    }
    return changed;
  }

  /** The stream that a lane is made of. */
  streamOf(lane) {
    if (lane.key.startsWith('core:')) return this.reached.has('board') ? 'board' : 'hypervisor';
    return this.reached.has('board') ? 'board' : 'gpos';
  }

  /** Leaves out a quarter: all that ended before an instant. */
  dropOldest() {
    const lanes = this.everyLane();
    const series = lanes.flatMap(lane => [lane.slices, lane.points]);
    this.kept = series.reduce((sum, each) => sum + each.length, 0);
    const before = at => series.reduce((sum, each) => sum + each.countBefore(at), 0);
    let [low, high] = [Math.max(this.first, 0), this.last];
    const wanted = this.kept - this.mostKept * (1 - SHARE_DROPPED);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (before(middle) < wanted) low = middle;
      else high = middle;
    }
    for (const each of series) each.dropBefore(high);
    this.kept = series.reduce((sum, each) => sum + each.length, 0);
    this.texts.keepOnly(lanes.map(lane => lane.points.stored.detail.subarray(lane.points.head, lane.points.tail)));
    this.first = high;
    this.hasDropped = true;
    for (const [pid, task] of this.tasks) if (task.lane.slices.length + task.lane.points.length === 0) this.tasks.delete(pid);
    this.isArranged = false;
  }

  /** Bytes that the columns of all lanes take. */
  get bytes() {
    return this.everyLane().reduce((sum, lane) => sum + lane.slices.bytes + lane.points.bytes, 0);
  }
}
