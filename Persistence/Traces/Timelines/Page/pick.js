// What is under the pointer, and what is said about it.

const REACH = 6;

/** The slice, point or arrow at a place of the chart; null for none. `many` counts slices that share the pixel. */
function pickAt(app, x, y) {
  const lane = laneAt(app.timeline, y + app.scroller.scrollTop);
  if (!lane) return null;
  const inStrip = y + app.scroller.scrollTop - lane.top >= lane.bar;
  return (inStrip && pickInStrip(app, lane, x)) || pickSlice(app, lane, x) || { kind: 'lane', lane: lane.index };
}

function pickInStrip(app, lane, x) {
  const point = nearestPoint(app, lane, x);
  if (point) return point;
  const arrow = app.showArrows ? arrowNear(app, lane, x, REACH) : -1;
  return arrow < 0 ? null : { kind: 'arrow', lane: 0, index: arrow };
}

function nearestPoint(app, lane, x) {
  const { points } = lane;
  const [from, until] = [app.view.time(x - REACH), app.view.time(x + REACH)];
  const time = app.view.time(x);
  const right = lowerBound(points.start, time);
  const candidates = [right - 1, right].filter(i => i >= 0 && i < points.count && points.start[i] >= from && points.start[i] <= until);
  if (candidates.length === 0) return null;
  const index = candidates.reduce((a, b) => (Math.abs(points.start[a] - time) <= Math.abs(points.start[b] - time) ? a : b));
  return { kind: 'point', lane: lane.index, index };
}

/** The slice at a pixel: the longest of those that share it. */
function pickSlice(app, lane, x) {
  const { slices } = lane;
  const [from, until] = [app.view.time(Math.floor(x)), app.view.time(Math.floor(x) + 1)];
  const first = upperBound(slices.end, from);
  const last = Math.max(lowerBound(slices.start, until, first), first);
  if (first >= last) return null;
  let index = first;
  const stride = Math.max(1, Math.floor((last - first) / 256));
  for (let i = first; i < last; i += stride) {
    if (slices.end[i] - slices.start[i] > slices.end[index] - slices.start[index]) index = i;
  }
  return { kind: 'slice', lane: lane.index, index, many: last - first, busy: busyBetween(slices, app.timeline.labels, first, last, from, until) };
}

/** What a pick is: its name, its label (-1 for none) and rows of term and text. */
function describe(app, pick) {
  const { timeline } = app;
  if (pick.kind === 'arrow') return describeArrow(timeline, pick.index);
  const lane = timeline.lanes[pick.lane];
  if (pick.kind === 'point') return describePoint(timeline, lane, pick.index);
  if (pick.kind === 'slice') return describeSlice(timeline, lane, pick.index);
  return { name: laneName(lane), label: -1, rows: [] };
}

function describeSlice(timeline, lane, index) {
  const { start, end, label } = lane.slices;
  return {
    name: timeline.labels[label[index]].text,
    label: label[index],
    rows: [
      ['lane', laneName(lane)],
      ['from', exactInstant(timeline, start[index])],
      ['to', exactInstant(timeline, end[index])],
      ['lasts', exactDuration(end[index] - start[index])],
    ],
  };
}

function describePoint(timeline, lane, index) {
  const { start, label, detail, task } = lane.points;
  const rows = [['lane', laneName(lane)], ['at', exactInstant(timeline, start[index])]];
  if (lane.kind !== KIND.hypervisor) rows.push(['task', timeline.labels[task[index]].text]);
  if (timeline.details[detail[index]]) rows.push(['says', timeline.details[detail[index]]]);
  return { name: timeline.labels[label[index]].text, label: label[index], rows };
}

function describeArrow(timeline, index) {
  const { start, end, from, to, detail } = timeline.arrows;
  return {
    name: timeline.details[detail[index]],
    label: -1,
    rows: [
      ['hit', `${exactInstant(timeline, start[index])} on ${timeline.lanes[from[index]].title}`],
      ['log entry', `${exactInstant(timeline, end[index])} on ${timeline.lanes[to[index]].title}`],
      ['takes', exactDuration(end[index] - start[index])],
    ],
  };
}

function laneName(lane) {
  return lane.kind === KIND.interrupts ? `${lane.title} of ${lane.note}` : lane.note ? `${lane.title} (${lane.note})` : lane.title;
}

/** Start and end of what is picked. */
function extent(timeline, pick) {
  if (pick.kind === 'arrow') return [timeline.arrows.start[pick.index], timeline.arrows.end[pick.index]];
  const lane = timeline.lanes[pick.lane];
  if (pick.kind === 'slice') return [lane.slices.start[pick.index], lane.slices.end[pick.index]];
  return [lane.points.start[pick.index], lane.points.start[pick.index]];
}

/** What a lane has at an instant: a point exactly there where points are asked for, else the slice that begins or is there. */
function findAt(lane, time, wantsPoint) {
  if (wantsPoint) {
    const point = lowerBound(lane.points.start, time);
    if (lane.points.start[point] === time) return { kind: 'point', lane: lane.index, index: point };
  }
  const next = upperBound(lane.slices.start, time);
  return next === 0 ? null : { kind: 'slice', lane: lane.index, index: next - 1 };
}
