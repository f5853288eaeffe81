// What lanes hold: series of slices and of points in order of time, each column an array.

const KIND = { cpu: 0, interrupts: 1, hypervisor: 2, task: 3 };
// In the order of LabelStyle in TimelineLane.cs.
const STYLE = {
  idle: 0, task: 1, woken: 2, preempted: 3, sleeping: 4, blocked: 5, interrupt: 6, hypervisor: 7, loss: 8,
  hit: 9, marker: 10, probe: 11, step: 12, wakeup: 13, other: 14,
};

/** What counts as work of a CPU, a task, an interrupt or the hypervisor. */
function isBusy(style) {
  return style === STYLE.task || style === STYLE.interrupt || style === STYLE.hypervisor;
}

/** Index of the first value that is at least `wanted`; `values` is in order. */
function lowerBound(values, wanted, from = 0, to = values.length) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle] < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Index of the first value that is greater than `wanted`. */
function upperBound(values, wanted, from = 0, to = values.length) {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (values[middle] <= wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Time of slices `first` to `last` (exclusive) that is busy and lies between two instants. */
function busyBetween(slices, labels, first, last, from, until) {
  if (first >= last) return 0;
  let sum = slices.busy[last] - slices.busy[first];
  if (slices.start[first] < from && isBusy(labels[slices.label[first]].style)) sum -= from - slices.start[first];
  if (slices.end[last - 1] > until && isBusy(labels[slices.label[last - 1]].style)) sum -= slices.end[last - 1] - until;
  return Math.max(sum, 0);
}
