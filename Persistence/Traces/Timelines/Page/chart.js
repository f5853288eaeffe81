// The canvases: time axis, lanes, overview.

function paintAxis(app) {
  const { view, timeline } = app;
  const context = beginPaint(app.axis, view.width, 28);
  context.font = FONT;
  context.textBaseline = 'middle';
  const step = niceStep(view.pixel * 110);
  for (const time of ticks(timeline, view, step)) {
    const x = Math.round(view.x(time)) + 0.5;
    context.fillStyle = app.colors.named.line;
    context.fillRect(x, 18, 1, 10);
    context.fillStyle = app.colors.named.soft;
    const text = `${axisInstant(timeline, time, step)} s`;
    if (x + 4 + context.measureText(text).width < view.width) context.fillText(text, x + 4, 13);
  }
}

/** Multiples of a step on the trace's own clock, as times relative to its start. */
function ticks(timeline, view, step) {
  const phase = Number(timeline.start % BigInt(step));
  const first = Math.ceil((view.from + phase) / step) * step - phase;
  const found = [];
  for (let time = first; time <= view.until; time += step) found.push(time);
  return found;
}

function paintChart(app) {
  const { view, timeline, scroller } = app;
  const [height, scroll] = [Math.min(scroller.clientHeight, app.layout.height), scroller.scrollTop];
  const context = beginPaint(app.chart, view.width, height);
  context.font = FONT;
  context.textBaseline = 'middle';
  paintGrid(context, app, height);
  for (const lane of timeline.lanes) {
    const top = lane.top - scroll;
    if (top + lane.height > 0 && top < height) paintLane(context, app, lane, top);
  }
  paintArrows(context, app, scroll);
  paintSelection(context, app, scroll);
  paintPointer(context, app, height);
}

function paintGrid(context, app, height) {
  context.fillStyle = app.colors.named.grid;
  for (const time of ticks(app.timeline, app.view, niceStep(app.view.pixel * 110))) {
    context.fillRect(Math.round(app.view.x(time)), 0, 1, height);
  }
}

function paintLane(context, app, lane, top) {
  if (lane.kind === KIND.cpu || lane.kind === KIND.hypervisor) {
    context.fillStyle = app.colors.named.idle;
    context.fillRect(0, top, app.view.width, lane.bar);
  }
  paintSlices(context, app, lane, app.view, top, lane.bar, true);
  if (lane.strip > 0) paintPoints(context, app, lane, app.view, top + lane.bar);
}

/** A frame around the selected slice, a line through the selected point. */
function paintSelection(context, app, scroll) {
  const selected = app.selection;
  if (!selected || selected.kind === 'arrow') return;
  const lane = app.timeline.lanes[selected.lane];
  const series = selected.kind === 'slice' ? lane.slices : lane.points;
  const left = app.view.x(series.start[selected.index]);
  const top = lane.top - scroll;
  context.strokeStyle = app.colors.named.accent;
  context.lineWidth = 2;
  if (selected.kind === 'slice') {
    const right = app.view.x(series.end[selected.index]);
    context.strokeRect(Math.max(left, -4), top - 1, Math.min(right, app.view.width + 8) - Math.max(left, -4), lane.bar + 2);
  } else {
    context.strokeRect(left - 5, top + lane.bar - 1, 10, lane.strip + 1);
  }
}

/** The instant under the pointer, or the range that is being drawn. */
function paintPointer(context, app, height) {
  const { pointer } = app;
  if (pointer.rangeFrom !== null) {
    context.globalAlpha = 0.15;
    context.fillStyle = app.colors.named.accent;
    context.fillRect(Math.min(pointer.rangeFrom, pointer.x), 0, Math.abs(pointer.x - pointer.rangeFrom), height);
    context.globalAlpha = 1;
  } else if (pointer.inside) {
    context.fillStyle = app.colors.named.faint;
    context.fillRect(Math.round(pointer.x), 0, 1, height);
  }
}

/** The whole trace, CPU by CPU, drawn once for each size and theme; over it the part that is shown. */
function paintOverview(app) {
  const [width, height] = [app.view.width, 54];
  const context = beginPaint(app.overview, width, height);
  const ratio = devicePixelRatio || 1;
  if (!app.overviewPicture || app.overviewPicture.width !== app.overview.width) {
    app.overviewPicture = drawOverview(app, width, height, ratio);
  }
  context.drawImage(app.overviewPicture, 0, 0, width, height);
  const scale = width / app.view.span;
  const left = (app.view.from - app.view.first) * scale;
  const right = Math.max((app.view.until - app.view.first) * scale, left + 2);
  context.fillStyle = app.colors.named.paper;
  context.globalAlpha = 0.6;
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, width - right, height);
  context.globalAlpha = 1;
  context.strokeStyle = app.colors.named.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left + 0.75, 0.75, right - left - 1.5, height - 1.5);
}

function drawOverview(app, width, height, ratio) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  const whole = new View(app.view.last);
  whole.from = app.view.first;
  whole.width = width;
  const cpus = app.timeline.lanes.filter(lane => lane.kind === KIND.cpu);
  const row = (height - 6) / Math.max(cpus.length, 1);
  const wanted = app.search.wanted;
  app.search.wanted = null;
  cpus.forEach((lane, i) => paintSlices(context, app, lane, whole, 3 + i * row, Math.max(row - Math.min(4, row / 4), 0.5), false));
  app.search.wanted = wanted;
  return canvas;
}
