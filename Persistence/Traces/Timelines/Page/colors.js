// Colours come from the style sheet, so that light and dark are decided there.

const TASK_COLORS = 16;
const HYPERVISOR_COLORS = 6;

class Colors {
  constructor(labels) {
    this.labels = labels;
    this.read();
  }

  /** Reads the style sheet again: the theme may have changed. */
  read() {
    const sheet = getComputedStyle(document.documentElement);
    const color = name => sheet.getPropertyValue(`--${name}`).trim();
    const named = {};
    for (const name of ['paper', 'ink', 'soft', 'faint', 'line', 'grid', 'accent', 'idle', 'arrow', ...Object.keys(STYLE)]) {
      named[name] = color(name);
    }
    this.named = named;
    this.tasks = Array.from({ length: TASK_COLORS }, (_, i) => color(`task-${i}`));
    this.hypervisor = Array.from({ length: HYPERVISOR_COLORS }, (_, i) => color(`hyp-${i}`));
    this.ofLabel = [];
    this.onLabel = [];
    this.add();
  }

  /** Finds the colours of labels that have come since. */
  add() {
    for (let i = this.ofLabel.length; i < this.labels.length; i++) {
      this.ofLabel.push(this.find(this.labels[i]));
      this.onLabel.push(readableOn(this.ofLabel[i]));
    }
  }

  find(label) {
    if (label.style === STYLE.task) return this.tasks[label.color % TASK_COLORS];
    if (label.style === STYLE.hypervisor) return this.hypervisor[label.color % HYPERVISOR_COLORS];
    return this.ofStyle(label.style);
  }

  ofStyle(style) {
    return this.named[Object.keys(STYLE)[style]];
  }

  /** The colour in which the task of a lane runs. */
  ofTaskLane(lane) {
    for (let i = 0; i < lane.slices.count; i++) {
      const label = lane.slices.label[i];
      if (this.labels[label].style === STYLE.task) return this.ofLabel[label];
    }
    return this.named.sleeping;
  }
}

/** Black or white, whichever is read better on a colour #rrggbb. */
function readableOn(color) {
  const [red, green, blue] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? '#10151c' : '#ffffff';
}
