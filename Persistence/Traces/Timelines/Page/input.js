// Mouse, touch and keyboard.

const ZOOM_STEP = 0.8;
const PAN_STEP = 0.12;

function listen(app) {
  listenToWheel(app);
  listenToPointer(app);
  listenToOverview(app);
  listenToToolbar(app);
  document.addEventListener('keydown', event => onKey(app, event));
  app.scroller.addEventListener('scroll', () => app.repaint());
  window.addEventListener('hashchange', event => {
    // Not location.hash: a view that settled meanwhile has put its own address there.
    const wanted = new URL(event.newURL).hash;
    if (wanted !== app.address && followAddress(app, wanted)) {
      app.tell();
      document.getElementById('timeline').scrollIntoView({ block: 'start' });
      app.repaint();
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => app.changeTheme());
  new ResizeObserver(() => app.resize()).observe(app.scroller);
}

/** Where an event is on the chart. */
function placeOn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function listenToWheel(app) {
  for (const canvas of [app.chart, app.axis]) {
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      const [x] = placeOn(canvas, event);
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) app.view.pan(event.deltaX || event.deltaY);
      else app.view.zoom(Math.exp(Math.max(-300, Math.min(300, event.deltaY)) * 0.002), app.view.time(x));
      app.repaint();
    }, { passive: false });
  }
}

function listenToPointer(app) {
  const { chart, pointer } = app;
  let last = null;
  let moved = false;
  chart.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    last = placeOn(chart, event);
    moved = false;
    chart.setPointerCapture(event.pointerId);
    if (event.shiftKey) pointer.rangeFrom = last[0];
  });
  chart.addEventListener('pointermove', event => {
    const [x, y] = placeOn(chart, event);
    Object.assign(pointer, { x, y, inside: true });
    if (last && pointer.rangeFrom === null && (moved || Math.hypot(x - last[0], y - last[1]) > 3)) {
      moved = true;
      chart.classList.add('dragging');
      app.view.pan(last[0] - x);
      app.scroller.scrollTop += last[1] - y;
      last = [x, y];
    }
    app.repaint();
  });
  const release = event => {
    const [x, y] = placeOn(chart, event);
    if (pointer.rangeFrom !== null) app.zoomToPixels(pointer.rangeFrom, x);
    else if (last && !moved && event.type === 'pointerup') app.choose(x, y);
    last = pointer.rangeFrom = null;
    chart.classList.remove('dragging');
    app.repaint();
  };
  chart.addEventListener('pointerup', release);
  chart.addEventListener('pointercancel', release);
  chart.addEventListener('pointerleave', () => {
    pointer.inside = false;
    app.repaint();
  });
  chart.addEventListener('dblclick', () => app.zoomToSelection());
}

function listenToOverview(app) {
  const move = event => {
    const [x] = placeOn(app.overview, event);
    const middle = app.view.first + x / app.view.width * app.view.span;
    const half = (app.view.until - app.view.from) / 2;
    app.view.show(middle - half, middle + half);
    app.repaint();
  };
  app.overview.addEventListener('pointerdown', event => {
    app.overview.setPointerCapture(event.pointerId);
    move(event);
  });
  app.overview.addEventListener('pointermove', event => {
    if (event.buttons & 1) move(event);
  });
}

function listenToToolbar(app) {
  const onClick = (id, action) => document.getElementById(id).addEventListener('click', () => {
    action();
    app.repaint();
  });
  onClick('zoom-in', () => app.view.zoom(ZOOM_STEP * ZOOM_STEP));
  onClick('zoom-out', () => app.view.zoom(1 / (ZOOM_STEP * ZOOM_STEP)));
  onClick('zoom-all', () => app.view.showAll());
  onClick('next', () => app.search.go(1));
  onClick('previous', () => app.search.go(-1));
  onClick('arrows', () => {
    app.showArrows = document.getElementById('arrows').checked;
  });
  const input = document.getElementById('search');
  input.addEventListener('input', () => {
    app.search.find(input.value);
    app.repaint();
  });
  input.addEventListener('keydown', event => {
    if (event.key === 'Enter') app.search.go(event.shiftKey ? -1 : 1);
    if (event.key === 'Escape') input.blur();
    app.repaint();
  });
}

const KEYS = {
  w: app => app.view.zoom(ZOOM_STEP, app.pointerTime()),
  '+': app => app.view.zoom(ZOOM_STEP, app.pointerTime()),
  '=': app => app.view.zoom(ZOOM_STEP, app.pointerTime()),
  s: app => app.view.zoom(1 / ZOOM_STEP, app.pointerTime()),
  '-': app => app.view.zoom(1 / ZOOM_STEP, app.pointerTime()),
  a: app => app.view.pan(-app.view.width * PAN_STEP),
  d: app => app.view.pan(app.view.width * PAN_STEP),
  ArrowLeft: app => app.view.pan(-app.view.width * PAN_STEP),
  ArrowRight: app => app.view.pan(app.view.width * PAN_STEP),
  ArrowUp: app => app.scroller.scrollBy(0, -40),
  ArrowDown: app => app.scroller.scrollBy(0, 40),
  0: app => app.view.showAll(),
  Home: app => app.view.showAll(),
  '[': app => app.step(-1),
  ']': app => app.step(1),
  f: app => app.zoomToSelection(),
  n: app => app.search.go(1),
  N: app => app.search.go(-1),
  '/': () => document.getElementById('search').focus(),
  Escape: app => app.select(null),
};

/** Keys work while the timeline is in sight, not in a field that takes text; up and down only where the timeline has the focus. */
function onKey(app, event) {
  const isTyping = event.target.matches('input:not([type=checkbox]), textarea, select, dialog *');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  const movesPage = ['ArrowUp', 'ArrowDown', 'Home'].includes(event.key);
  if (movesPage && document.activeElement !== app.scroller && document.activeElement !== document.body) return;
  if (movesPage && !app.isInSight()) return;
  event.preventDefault();
  KEYS[event.key](app);
  app.repaint();
}
