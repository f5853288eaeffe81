// Lanes while events come: as CpuLane.cs, TaskLane.cs and HypervisorLane.cs make them of recorded ones.

import { KIND, STYLE } from './timeline.js';
import { LivePoints, LiveSlices } from './live-series.js';

/** What the timeline shows of a lane. */
function makeLane(kind, number, key, title, note, group) {
  return { kind, number, key, title, note, group, index: 0, slices: new LiveSlices(), points: new LivePoints() };
}

export class CpuLane {
  constructor(cpu, guest) {
    this.lane = makeLane(KIND.cpu, cpu, `cpu:${cpu}`, `CPU ${cpu}`, guest, 'CPUs');
    this.interrupts = makeLane(KIND.interrupts, cpu, `irq:${cpu}`, 'interrupts', `CPU ${cpu}`, 'CPUs');
    this.handlers = [];
    this.isKnown = false;
    this.lastSeen = -1;
  }

  /** An event of any type tells what runs, where that is not known yet. */
  seen(at, label, style) {
    this.lastSeen = at;
    if (!this.isKnown) this.run(at, label, style);
  }

  /** Another task comes. */
  run(at, label, style) {
    this.lane.slices.close(at);
    this.lane.slices.open(at, label, style);
    this.isKnown = true;
  }

  enter(at, handler) {
    this.interrupts.slices.close(at);
    this.handlers.push(handler);
    this.interrupts.slices.open(at, handler, STYLE.interrupt);
  }

  /** The innermost handler ends; one whose beginning was not seen is not shown. */
  exit(at) {
    this.interrupts.slices.close(at);
    this.handlers.pop();
    if (this.handlers.length > 0) this.interrupts.slices.open(at, this.handlers.at(-1), STYLE.interrupt);
  }

  /** Events are missing before an instant: what ran meanwhile is not known. */
  lose(at, label) {
    if (this.lastSeen >= 0) {
      this.lane.slices.close(this.lastSeen);
      this.interrupts.slices.close(this.lastSeen);
      this.lane.slices.open(this.lastSeen, label, STYLE.loss);
      this.lane.slices.close(at);
    }
    this.handlers = [];
    this.isKnown = false;
    this.lastSeen = at;
  }

  get lanes() {
    return this.interrupts.slices.length > 0 ? [this.lane, this.interrupts] : [this.lane];
  }
}

export class TaskLane {
  constructor(pid, name, guest) {
    this.lane = makeLane(KIND.task, pid, `task:${pid}`, name, String(pid), guest ? `Tasks of ${guest}` : 'Tasks');
    this.guest = guest;
    this.style = -1;
    this.cpu = -1;
  }

  become(at, style, label, cpu) {
    this.lane.slices.close(at);
    this.lane.slices.open(at, label, style);
    this.style = style;
    this.cpu = cpu;
  }

  /** It was made runnable; one that runs or is runnable already stays what it is. */
  wake(at, label, cpu) {
    if (this.style < 0 || this.style === STYLE.sleeping || this.style === STYLE.blocked) this.become(at, STYLE.woken, label, cpu);
  }

  /** What it does from here on is not known. */
  forget(at) {
    this.lane.slices.close(at);
    this.style = -1;
  }
}

export class HypervisorLane {
  constructor(core) {
    this.lane = makeLane(KIND.hypervisor, core, `core:${core}`, `Core ${core}`, '', 'Hypervisor');
  }

  enter(at, reason) {
    this.lane.slices.close(at);
    this.lane.slices.open(at, reason, STYLE.hypervisor);
  }

  exit(at) {
    this.lane.slices.close(at);
  }
}
