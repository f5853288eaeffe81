// Draws lanes. What is narrower than a pixel is put together, pixel by pixel, found by binary search: the cost depends on
// the width of the canvas, not on the number of events.

const SAMPLES = 24;
const LEAST_TEXT = 26;
const FONT = '11.5px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const SMALL_FONT = '9.5px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const DIM = 0.18;
const LEAST_BAR = 0.15;
const GLYPH_ROOM = 12;
const MOST_ARROWS = 400;

/** Sets a canvas to a size in CSS pixels and answers its context, cleared. */
function beginPaint(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Walks over the slices of a view: onSlice for each that is at least a pixel wide, onPixel for each pixel of narrower ones. */
function walkSlices(slices, view, onSlice, onPixel) {
  let i = upperBound(slices.end, view.from);
  while (i < slices.count && slices.start[i] < view.until) {
    const left = view.x(slices.start[i]);
    if (view.x(slices.end[i]) - left >= 1) {
      onSlice(i, left);
      i++;
      continue;
    }
    const pixel = Math.floor(left);
    const next = endOfCrowd(slices, view, i, view.time(pixel + 1));
    onPixel(pixel, i, next);
    i = next;
  }
}

/** Where the slices end that begin before `until`, from `first` on; a wide one, which can only be the last, is left out. */
function endOfCrowd(slices, view, first, until) {
  const next = Math.max(first + 1, lowerBound(slices.start, until, first, Math.min(slices.count, gallop(slices.start, until, first))));
  const isWide = slices.end[next - 1] - slices.start[next - 1] >= view.pixel;
  return isWide && next - 1 > first ? next - 1 : next;
}

/** An index behind which all values are at least `wanted`, found in doubling steps: the next pixel is mostly near. */
function gallop(values, wanted, from) {
  let step = 16;
  while (from + step < values.length && values[from + step] < wanted) step *= 2;
  return from + step + 1;
}

/** The label that takes most time among some slices; of many only a sample is looked at. */
function longestLabel(slices, first, last, counts) {
  const stride = Math.max(1, Math.floor((last - first) / SAMPLES));
  let best = -1;
  let longest = -1;
  for (let i = first; i < last; i += stride) {
    const length = slices.end[i] - slices.start[i];
    if (length > longest && counts(slices.label[i])) {
      longest = length;
      best = slices.label[i];
    }
  }
  return best;
}

function paintSlices(context, app, lane, view, top, height, withText) {
  const { labels } = app.timeline;
  const wanted = app.search.wanted;
  const shows = label => labels[label].style !== STYLE.idle && labels[label].style !== STYLE.sleeping;
  walkSlices(lane.slices, view,
    (i, left) => {
      const label = lane.slices.label[i];
      const right = Math.min(view.x(lane.slices.end[i]), view.width + 4);
      context.globalAlpha = wanted && !wanted[label] && lane.kind !== KIND.task ? DIM : 1;
      paintSlice(context, app, label, Math.max(left, -4), top, right - Math.max(left, -4), height, withText);
    },
    (pixel, first, last) => {
      const label = longestLabel(lane.slices, first, last, shows);
      if (label < 0) return;
      const share = busyBetween(lane.slices, labels, first, last, view.time(pixel), view.time(pixel + 1)) / view.pixel;
      const filled = isBusy(labels[label].style) ? (LEAST_BAR + (1 - LEAST_BAR) * Math.min(1, share)) * height : height * 0.4;
      context.globalAlpha = wanted && !wanted[label] && lane.kind !== KIND.task ? DIM : 1;
      context.fillStyle = app.colors.ofLabel[label];
      context.fillRect(pixel, top + height - filled, 1, filled);
    });
  context.globalAlpha = 1;
}

function paintSlice(context, app, label, left, top, width, height, withText) {
  const style = app.timeline.labels[label].style;
  if (style === STYLE.idle) return;
  context.fillStyle = app.colors.ofLabel[label];
  if (style === STYLE.sleeping) {
    context.fillRect(left, top + height - 2, width, 1);
    return;
  }
  if (style === STYLE.loss) {
    paintHatched(context, app.colors.ofLabel[label], left, top, width, height);
    return;
  }
  const low = style === STYLE.woken || style === STYLE.preempted || style === STYLE.blocked;
  const bar = low ? Math.ceil(height * 0.55) : height;
  paintBox(context, left, top + height - bar, width, bar);
  if (withText && !low && width >= LEAST_TEXT && height >= 12) {
    paintText(context, app, label, left, top, width, height);
  }
}

function paintBox(context, left, top, width, height) {
  if (width < 5) {
    context.fillRect(left, top, width, height);
    return;
  }
  context.beginPath();
  context.roundRect(left, top, width - 0.6, height, 2.5);
  context.fill();
}

function paintHatched(context, color, left, top, width, height) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = Math.floor(left / 6) * 6 - height; x < left + width; x += 6) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

function paintText(context, app, label, left, top, width, height) {
  const start = Math.max(left, 0) + 6;
  const room = Math.min(left + width, app.view.width) - start - 4;
  const text = fitText(context, app.timeline.labels[label].text, room);
  if (!text) return;
  context.fillStyle = app.colors.onLabel[label];
  context.fillText(text, start, top + height / 2 + 0.5);
}

/** As much of a text as fits, with dots where it is cut; nothing if hardly any does. */
function fitText(context, text, room) {
  if (room < 14) return '';
  const width = context.measureText(text).width;
  if (width <= room) return text;
  const letters = Math.floor(text.length * room / width) - 1;
  return letters < 2 ? '' : `${text.slice(0, letters)}\u2026`;
}

// Which style is shown where points of several fall on one pixel: the first of these.
const IMPORTANCE = [STYLE.loss, STYLE.hit, STYLE.marker, STYLE.probe, STYLE.wakeup, STYLE.other, STYLE.step];

function paintPoints(context, app, lane, view, top) {
  const withText = lane.strip >= 10;
  const { points } = lane;
  const { labels } = app.timeline;
  const wanted = app.search.wanted;
  let lastX = -100;
  let i = lowerBound(points.start, view.from);
  const end = upperBound(points.start, view.until);
  while (i < end) {
    const x = view.x(points.start[i]);
    const next = Math.max(i + 1, lowerBound(points.start, view.time(Math.floor(x) + 1), i, end));
    const label = mostImportant(points, i, next, labels);
    context.globalAlpha = wanted && !wanted[label] ? DIM : 1;
    context.fillStyle = app.colors.ofLabel[label];
    const isAlone = next - i === 1 && x - lastX >= GLYPH_ROOM && (next >= end || view.x(points.start[next]) - x >= GLYPH_ROOM);
    if (isAlone) {
      paintGlyph(context, labels[label].style, x, top, lane.strip);
      if (withText) paintPointText(context, app, label, x + 6, top + lane.strip / 2, (next < end ? view.x(points.start[next]) : view.width) - x - 12);
    }
    else paintTick(context, labels[label].style, Math.floor(x), top, Math.min(lane.strip - 2, 2 + Math.log2(next - i)));
    lastX = x;
    i = next;
  }
  context.globalAlpha = 1;
}

function paintPointText(context, app, label, x, y, room) {
  if (room < LEAST_TEXT) return;
  context.font = SMALL_FONT;
  context.fillStyle = app.colors.named.soft;
  context.fillText(fitText(context, app.timeline.labels[label].text, room), x, y + 0.5);
  context.font = FONT;
}

/** A point in a crowd; the higher the more share the pixel. */
function paintTick(context, style, x, top, height) {
  if (style === STYLE.step || style === STYLE.wakeup) context.globalAlpha *= 0.6;
  context.fillRect(x, top + 1, 1, height);
}

function mostImportant(points, first, last, labels) {
  let best = points.label[first];
  const stride = Math.max(1, Math.floor((last - first) / SAMPLES));
  for (let i = first; i < last; i += stride) {
    const label = points.label[i];
    if (IMPORTANCE.indexOf(labels[label].style) < IMPORTANCE.indexOf(labels[best].style)) best = label;
  }
  return best;
}

/** The mark of a point: a triangle that points at the bar; a diamond for text, a cross for a loss, a tick for a step. */
function paintGlyph(context, style, x, top, height) {
  const size = Math.min(3.5, height / 2 - 0.5);
  const middle = top + height / 2;
  context.beginPath();
  if (style === STYLE.step || style === STYLE.other) {
    context.rect(x - 0.75, top + 1, 1.5, height - 3);
  } else if (style === STYLE.marker || style === STYLE.probe) {
    context.moveTo(x, middle - size);
    context.lineTo(x + size, middle);
    context.lineTo(x, middle + size);
    context.lineTo(x - size, middle);
  } else if (style === STYLE.loss) {
    context.rect(x - size, top, size * 2, height - 2);
  } else {
    context.moveTo(x, middle - size);
    context.lineTo(x + size, middle + size);
    context.lineTo(x - size, middle + size);
  }
  context.fill();
}
