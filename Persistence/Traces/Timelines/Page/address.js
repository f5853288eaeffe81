// The address of what is shown, in the part behind #: t=FROM-UNTIL in nanoseconds of the trace's clock, e=LANE@TIME the
// selected slice, p=LANE@TIME the selected point, a=NUMBER the selected arrow. Links of the tables are such addresses.
// Where a page shows more than one trace, what it shows stands in front (app.place).

function addressOf(app) {
  const { timeline, view, selection } = app;
  const parts = [...app.place];
  if (!view.isMoving) parts.push(`t=${absolute(timeline, view.from)}-${absolute(timeline, view.until)}`);
  if (selection?.kind === 'arrow') parts.push(`a=${selection.index}`);
  else if (selection) {
    const [start] = extent(timeline, selection);
    parts.push(`${selection.kind === 'point' ? 'p' : 'e'}=${timeline.lanes[selection.lane].key}@${absolute(timeline, start)}`);
  }
  return `#${parts.join('&')}`;
}

/** Shows what an address says; answers whether it said anything. */
function followAddress(app, address) {
  const parts = new Map(address.replace(/^#/, '').split('&').map(part => part.split('=')));
  const range = /^(\d+)-(\d+)$/.exec(parts.get('t') ?? '');
  if (!range) return false;
  app.view.show(relative(app.timeline, range[1]), relative(app.timeline, range[2]));
  app.select(selectionOf(app, parts));
  return true;
}

function selectionOf(app, parts) {
  const arrow = Number(parts.get('a') ?? NaN);
  if (arrow >= 0 && arrow < app.timeline.arrows.count) return { kind: 'arrow', lane: 0, index: arrow };
  const place = /^(\w+:\d+)@(\d+)$/.exec(parts.get('e') ?? parts.get('p') ?? '');
  const lane = place && app.timeline.lanes.find(each => each.key === place[1]);
  return lane ? findAt(lane, relative(app.timeline, place[2]), parts.has('p')) : null;
}

function relative(timeline, nanoseconds) {
  return Number(BigInt(nanoseconds) - timeline.start);
}
