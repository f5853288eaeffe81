// The tooltip and the panel of the selected event.

const MOST_LISTED_ARROWS = 4;

function showTip(app, pick, x, y) {
  const tip = document.getElementById('tip');
  if (!pick || pick.kind === 'lane') {
    tip.hidden = true;
    return;
  }
  const { name, label, rows } = describe(app, pick);
  const texts = rows.map(([term, text]) => make('div', { textContent: `${term} ${text}` }));
  if (pick.many > 1) texts.push(make('div', { textContent: tellCrowd(app, pick) }));
  tip.replaceChildren(make('b', { textContent: name }), ...texts);
  if (label >= 0) tip.firstChild.prepend(swatch(app.colors.ofLabel[label]));
  tip.hidden = false;
  placeTip(app, tip, x, y);
}

function tellCrowd(app, pick) {
  const share = Math.min(100, pick.busy / app.view.pixel * 100).toFixed(1);
  return `the longest of ${grouped(pick.many)} in ${shortDuration(app.view.pixel)}, ${share} % busy`;
}

/** Beside the pointer, on the side where there is room. */
function placeTip(app, tip, x, y) {
  const frame = document.getElementById('frame').getBoundingClientRect();
  const chart = app.chart.getBoundingClientRect();
  const [left, top] = [chart.left - frame.left + x, chart.top - frame.top + y];
  const fitsRight = left + 18 + tip.offsetWidth < frame.width;
  const fitsBelow = top + 18 + tip.offsetHeight < frame.height;
  tip.style.left = `${fitsRight ? left + 16 : Math.max(4, left - 14 - tip.offsetWidth)}px`;
  tip.style.top = `${fitsBelow ? top + 16 : Math.max(4, top - 12 - tip.offsetHeight)}px`;
}

function showDetails(app) {
  const panel = document.getElementById('details');
  if (!app.selection) {
    panel.replaceChildren(make('p', { textContent: 'Click an event to see its exact times and what it led to.' }));
    return;
  }
  const { name, label, rows } = describe(app, app.selection);
  const title = make('h3', { textContent: name });
  if (label >= 0) title.prepend(swatch(app.colors.ofLabel[label]));
  panel.replaceChildren(title, listOf(rows), ...buttonsOf(app), ...chainsOf(app));
}

function listOf(rows) {
  const list = make('dl', {});
  for (const [term, text] of rows) list.append(make('dt', { textContent: term }), make('dd', { textContent: text }));
  return list;
}

function buttonsOf(app) {
  return [
    button('Zoom to it', () => app.zoomToSelection()),
    ...(app.selection.kind === 'arrow' ? [] : [button('\u25C2 before', () => app.step(-1)), button('after \u25B8', () => app.step(1))]),
  ];
}

function button(text, action) {
  return make('button', { type: 'button', textContent: text, onclick: action });
}

/** The arrows that begin or end where the selection begins, or in it where it is a short stay. */
function chainsOf(app) {
  const { timeline, selection } = app;
  if (selection.kind === 'arrow') return [];
  const lane = timeline.lanes[selection.lane];
  if (lane.kind !== KIND.cpu && lane.kind !== KIND.interrupts) return [];
  const cpu = timeline.lanes.find(other => other.kind === KIND.cpu && other.key === lane.key.replace('irq', 'cpu'));
  const [start, end] = extent(timeline, selection);
  const found = arrowsOf(timeline, cpu, start, end);
  const listed = found.slice(0, MOST_LISTED_ARROWS).map(index => chainElement(app, cpu, index));
  if (found.length > MOST_LISTED_ARROWS) {
    listed.push(make('p', { className: 'arrow', textContent: `and ${grouped(found.length - MOST_LISTED_ARROWS)} more arrows` }));
  }
  return listed;
}

function chainElement(app, cpu, index) {
  const { arrows, lanes } = app.timeline;
  const isHit = arrows.from[index] === cpu.index;
  const { name, rows } = describeArrow(app.timeline, index);
  const other = isHit ? lanes[arrows.to[index]] : lanes[arrows.from[index]];
  const time = isHit ? arrows.end[index] : arrows.start[index];
  return make('div', { className: 'arrow' },
    make('b', { textContent: `${isHit ? 'Probe hit' : 'Log entry of'}: ${name}` }),
    listOf(rows),
    button(isHit ? 'Go to the log entry' : 'Go to the hit', () => app.goTo(other, time)));
}
