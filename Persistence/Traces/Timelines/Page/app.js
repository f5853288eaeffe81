// The page: what is shown, selected and looked for. Its address and its texts for screen readers always say so.

const SETTLE_MS = 120;

class App {
  constructor(timeline, view = new View(timeline.span)) {
    this.showArrows = true;
    this.place = [];
    this.pointer = { x: 0, y: 0, inside: false, rangeFrom: null };
    this.scroller = document.getElementById('scroller');
    this.chart = document.getElementById('chart');
    this.axis = document.getElementById('axis');
    this.overview = document.getElementById('overview');
    this.isPainting = false;
    this.load(timeline, view);
  }

  /** Shows a timeline, from its beginning on. */
  load(timeline, view) {
    this.timeline = timeline;
    this.view = view;
    this.colors = new Colors(timeline.labels);
    this.search = new Search(this);
    this.legend = new Legend(this);
    this.address = '';
    this.selection = null;
    this.arrange();
    this.legend.show();
    document.getElementById('arrows').parentElement.hidden = timeline.arrows.count === 0;
    showDetails(this);
  }

  /** Gives every lane its place. */
  arrange() {
    this.layout = layOut(this.timeline);
    labelLanes(this);
    this.overviewPicture = null;
  }

  /** Draws once before the next frame, however often it is called. */
  repaint() {
    if (this.isPainting) return;
    this.isPainting = true;
    requestAnimationFrame(() => {
      this.isPainting = false;
      this.paint();
    });
  }

  paint() {
    paintAxis(this);
    paintChart(this);
    paintOverview(this);
    const { pointer } = this;
    const free = pointer.inside && pointer.rangeFrom === null && !this.chart.classList.contains('dragging');
    showTip(this, free ? pickAt(this, pointer.x, pointer.y) : null, pointer.x, pointer.y);
    if (this.address === '') this.tell();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.tell(), SETTLE_MS);
  }

  /** Says in words and in the address what is shown. */
  tell() {
    const { view, timeline } = this;
    const step = view.pixel * 2;
    document.getElementById('range').textContent =
      `${axisInstant(timeline, view.from, step)} s + ${shortDuration(view.until - view.from)}`;
    this.address = addressOf(this);
    if (location.hash !== this.address) history.replaceState(null, '', this.address);
  }

  resize() {
    this.view.width = Math.max(50, this.scroller.clientWidth - 196);
    this.overviewPicture = null;
    this.repaint();
  }

  changeTheme() {
    this.colors.read();
    this.overviewPicture = null;
    this.legend.show();
    this.colorLanes();
    showDetails(this);
    this.repaint();
  }

  /** Shows beside each task in which colour it runs. */
  colorLanes() {
    for (const lane of this.timeline.lanes) {
      if (lane.kind === KIND.task) lane.element.querySelector('s').style.background = this.colors.ofTaskLane(lane);
    }
  }

  pointerTime() {
    return this.pointer.inside ? this.view.time(this.pointer.x) : undefined;
  }

  isInSight() {
    const box = this.scroller.getBoundingClientRect();
    return box.bottom > 60 && box.top < innerHeight;
  }

  isSelected(kind, lane, index) {
    const selected = this.selection;
    return selected !== null && selected.kind === kind && selected.lane === lane && selected.index === index;
  }

  select(pick) {
    this.selection = pick && pick.kind !== 'lane' ? { kind: pick.kind, lane: pick.lane, index: pick.index } : null;
    this.markLane();
    showDetails(this);
  }

  /** Marks the lane of the selection. */
  markLane() {
    for (const lane of this.timeline.lanes) {
      lane.element.classList.toggle('chosen', this.selection !== null && this.selection.kind !== 'arrow' && this.selection.lane === lane.index);
    }
  }

  choose(x, y) {
    this.select(pickAt(this, x, y));
  }

  /** Selects what a lane has at an instant, and moves there. */
  goTo(lane, time) {
    const pick = findAt(lane, time, true);
    if (!pick) return;
    this.select(pick);
    this.view.reveal(time);
    this.repaint();
  }

  /** The event before or after the selected one in its lane. */
  step(direction) {
    const selected = this.selection;
    if (!selected || selected.kind === 'arrow') return;
    const lane = this.timeline.lanes[selected.lane];
    const series = selected.kind === 'slice' ? lane.slices : lane.points;
    const index = Math.min(Math.max(selected.index + direction, 0), series.count - 1);
    this.select({ ...selected, index });
    this.revealSelection();
    this.repaint();
  }

  revealSelection() {
    const [start] = extent(this.timeline, this.selection);
    this.view.reveal(start);
    const lane = this.timeline.lanes[this.selection.lane];
    const { scrollTop, clientHeight } = this.scroller;
    if (lane.top < scrollTop || lane.top + lane.height > scrollTop + clientHeight) this.scroller.scrollTop = lane.top - clientHeight / 2;
  }

  zoomToSelection() {
    if (!this.selection) return;
    const [start, end] = extent(this.timeline, this.selection);
    const margin = end > start ? (end - start) * 0.5 : (this.view.until - this.view.from) / 8;
    this.view.show(start - margin, end + margin);
    this.repaint();
  }

  zoomToPixels(a, b) {
    if (Math.abs(a - b) > 3) this.view.show(this.view.time(Math.min(a, b)), this.view.time(Math.max(a, b)));
  }
}
