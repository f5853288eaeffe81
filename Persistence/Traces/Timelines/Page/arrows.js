// Causal arrows: from a hit to its entry in the trace buffer of the GPOS.

/** Indices of the arrows that lie at least partly in a view. */
function arrowsIn(arrows, view) {
  const found = [];
  const end = upperBound(arrows.start, view.until);
  for (let i = lowerBound(arrows.start, view.from - arrows.longest); i < end; i++) {
    if (arrows.end[i] >= view.from) {
      found.push(i);
      if (found.length > MOST_ARROWS) return null;
    }
  }
  return found;
}

/** Draws the arrows of the view, unless there are too many to tell apart; then the legend says so. */
function paintArrows(context, app, scroll) {
  const visible = app.showArrows ? arrowsIn(app.timeline.arrows, app.view) : [];
  app.legend.noteArrows(visible === null);
  for (const i of visible ?? []) paintArrow(context, app, i, scroll, app.isSelected('arrow', 0, i));
  if (visible === null && app.selection?.kind === 'arrow') paintArrow(context, app, app.selection.index, scroll, true);
}

function paintArrow(context, app, index, scroll, strong) {
  const { arrows, lanes } = app.timeline;
  const from = arrowEnd(lanes[arrows.from[index]], scroll);
  const to = arrowEnd(lanes[arrows.to[index]], scroll);
  const [x1, x2] = [app.view.x(arrows.start[index]), app.view.x(arrows.end[index])];
  context.globalAlpha = strong ? 1 : 0.75;
  context.strokeStyle = context.fillStyle = strong ? app.colors.named.accent : app.colors.named.arrow;
  context.lineWidth = strong ? 2 : 1.25;
  const bend = Math.min(60, Math.abs(x2 - x1) / 2);
  context.beginPath();
  context.moveTo(x1, from);
  context.bezierCurveTo(x1 + bend, from, x2 - bend, to, x2, to);
  context.stroke();
  paintDot(context, x1, from);
  paintHead(context, x2, to, bend > 6 ? 0 : Math.sign(to - from));
  context.globalAlpha = 1;
}

/** Height at which arrows leave and reach a lane. */
function arrowEnd(lane, scroll) {
  return lane.top + lane.bar + lane.strip / 2 - scroll;
}

function paintDot(context, x, y) {
  context.beginPath();
  context.arc(x, y, 2.2, 0, 2 * Math.PI);
  context.fill();
}

/** The head: it points right, or along a steep arrow up (-1) or down (1). */
function paintHead(context, x, y, steep) {
  context.beginPath();
  context.moveTo(x, y);
  if (steep === 0) {
    context.lineTo(x - 6, y - 3.5);
    context.lineTo(x - 6, y + 3.5);
  } else {
    context.lineTo(x - 3.5, y - 6 * steep);
    context.lineTo(x + 3.5, y - 6 * steep);
  }
  context.fill();
}

/** Arrows that begin or end on a lane between two instants. */
function arrowsOf(timeline, lane, from, until) {
  const { arrows } = timeline;
  const found = [];
  const end = upperBound(arrows.start, until);
  for (let i = lowerBound(arrows.start, from - arrows.longest); i < end; i++) {
    const begins = arrows.from[i] === lane.index && arrows.start[i] >= from;
    const ends = arrows.to[i] === lane.index && arrows.end[i] >= from && arrows.end[i] <= until;
    if (begins || ends) found.push(i);
  }
  return found;
}

/** The arrow whose end is nearest to a place in a lane's strip, within some pixels; -1 for none. */
function arrowNear(app, lane, x, reach) {
  const { arrows } = app.timeline;
  const [from, until] = [app.view.time(x - reach), app.view.time(x + reach)];
  let best = -1;
  let nearest = Infinity;
  for (const i of arrowsOf(app.timeline, lane, from, until)) {
    const time = arrows.from[i] === lane.index && arrows.start[i] >= from ? arrows.start[i] : arrows.end[i];
    const distance = Math.abs(app.view.x(time) - x);
    if (distance < nearest) [best, nearest] = [i, distance];
  }
  return best;
}
