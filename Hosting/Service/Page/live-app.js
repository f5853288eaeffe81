// The report's timeline, shown while it grows: the view follows the present until one looks elsewhere.

import { App, View } from './timeline.js';

const FIRST_LENGTH = 200e6;
const OVERVIEW_MS = 400;
const SEARCH_MS = 1000;
const TELL_MS = 300;
const MOST_PAUSE_MS = 400;
const LEAST_PAUSE_MS = 33;

export class LiveView extends View {
  constructor(isLive) {
    super(1);
    this.canMove = true;
    this.isMoving = true;
    this.isAll = !isLive;
    this.length = FIRST_LENGTH;
  }

  show(from, until) {
    super.show(from, until);
    this.isAll = false;
    this.isMoving = this.canMove && this.until >= this.last;
    this.length = this.until - this.from;
  }

  showAll() {
    super.showAll();
    this.isAll = true;
  }

  zoom(factor, at) {
    super.zoom(factor, this.isMoving ? this.until : at);
    this.isAll = false;
    this.length = this.until - this.from;
  }

  follow(follows) {
    this.isMoving = this.canMove && follows;
    this.grow(this.first, this.last);
  }

  /** Nothing more comes. */
  settle() {
    this.canMove = false;
    this.isMoving = false;
  }

  /** The trace now lies between two instants. */
  grow(first, last) {
    this.first = first;
    this.last = Math.max(last, first + 1);
    if (this.isMoving) {
      this.until = this.last;
      this.from = this.isAll ? first : Math.max(first, this.last - this.length);
    } else if (this.from < first) {
      const length = Math.min(this.until - this.from, this.span);
      this.from = first;
      this.until = first + length;
    }
  }
}

export class LiveApp extends App {
  load(timeline, view) {
    const width = this.view?.width ?? 1;
    this.place = [];
    this.marked = null;
    this.last = { overview: 0, search: 0, told: 0, labels: 0 };
    super.load(timeline, view);
    this.view.width = width;
  }

  /** Shows what has come; the more a picture costs, the longer the next one waits. */
  arrived() {
    if (this.waiting) return;
    const pause = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, 2 * (this.paintingTook ?? 0)));
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.repaint();
    }, pause);
  }

  paint() {
    const begun = performance.now();
    this.takeIn(begun);
    super.paint();
    if (begun - this.last.told > TELL_MS) {
      this.last.told = begun;
      this.tell();
    }
    this.paintingTook = performance.now() - begun;
    this.onPainted?.();
  }

  takeIn(now) {
    const { timeline, view, last } = this;
    const isRearranged = timeline.publish();
    view.grow(Math.max(timeline.first, 0), timeline.last);
    this.colors.add();
    if (isRearranged) this.arrange();
    this.keepSelection(isRearranged);
    if (last.labels !== timeline.labels.length) {
      last.labels = timeline.labels.length;
      this.colorLanes();
      this.legend.show();
    }
    if (now - last.overview > OVERVIEW_MS) {
      last.overview = now;
      this.overviewPicture = null;
    }
    if (this.search.wanted && now - last.search > SEARCH_MS) {
      last.search = now;
      this.search.find(document.getElementById('search').value);
    }
  }

  select(pick) {
    super.select(pick);
    this.marked = null;
    if (this.selection && this.selection.kind !== 'arrow') {
      const lane = this.timeline.lanes[this.selection.lane];
      const series = this.selection.kind === 'slice' ? lane.slices : lane.points;
      this.marked = { lane, series, number: this.selection.index + series.dropped };
    }
  }

  /** The selection stays on what it was, though lanes have moved and old events are gone. */
  keepSelection(isRearranged) {
    if (!this.marked) return;
    const { lane, series, number } = this.marked;
    const index = number - series.dropped;
    if (index < 0 || this.timeline.lanes[lane.index] !== lane) this.select(null);
    else Object.assign(this.selection, { lane: lane.index, index });
    if (isRearranged) this.markLane();
  }
}
