// Search by the name of a task or an event, or by what an event says.

class Search {
  constructor(app) {
    this.app = app;
    this.wanted = null;
    this.wantedDetails = null;
    this.count = 0;
  }

  /** Looks for a text; an empty one ends the search. */
  find(text) {
    const { labels, details } = this.app.timeline;
    const wanted = text.trim().toLowerCase();
    if (wanted === '') {
      this.wanted = this.wantedDetails = null;
      this.count = 0;
    } else {
      this.wanted = labels.map(label => label.text.toLowerCase().includes(wanted));
      this.wantedDetails = details.map(detail => detail.toLowerCase().includes(wanted));
      this.count = this.countMatches();
    }
    this.tell(0);
  }

  countMatches() {
    let count = 0;
    for (const [series, matches] of this.series()) {
      for (let i = 0; i < series.count; i++) if (matches(i)) count++;
    }
    return count;
  }

  /** What is searched: slices of CPUs, interrupts and hypervisor, and all points. A task's own lane would repeat its CPU's. */
  *series() {
    for (const lane of this.app.timeline.lanes) {
      const { slices, points } = lane;
      if (lane.kind !== KIND.task) yield [slices, i => this.wanted[slices.label[i]], 'slice', lane];
      yield [points, i => this.wanted[points.label[i]] || this.wantedDetails[points.detail[i]], 'point', lane];
    }
  }

  /** Selects the next match after the selection (direction 1), or the one before it (-1); begins anew at the end. */
  go(direction) {
    if (!this.wanted || this.count === 0) return;
    const here = this.placeOf(this.app.selection);
    const match = this.nearest(here, direction) ?? this.nearest(direction > 0 ? [-1, -1] : [Infinity, 0], direction);
    if (!match) return;
    this.app.select(match);
    this.app.revealSelection();
    this.tell(this.rankOf(match));
  }

  /** Time and order of a pick: matches are gone through in this order. */
  placeOf(pick) {
    if (!pick) return [(this.app.view.from + this.app.view.until) / 2, -1];
    return [extent(this.app.timeline, pick)[0], pick.lane * 2 + (pick.kind === 'point' ? 1 : 0)];
  }

  nearest([time, order], direction) {
    let best = null;
    let bestPlace = null;
    for (const [series, matches, kind, lane] of this.series()) {
      const rank = lane.index * 2 + (kind === 'point' ? 1 : 0);
      const index = nextIn(series, matches, time, direction > 0 ? rank > order : rank < order, direction);
      if (index < 0) continue;
      const place = [series.start[index], rank];
      if (!best || comparePlaces(place, bestPlace) * direction < 0) {
        best = { kind, lane: lane.index, index };
        bestPlace = place;
      }
    }
    return best;
  }

  rankOf(match) {
    const place = this.placeOf(match);
    let rank = 1;
    for (const [series, matches, kind, lane] of this.series()) {
      const order = lane.index * 2 + (kind === 'point' ? 1 : 0);
      const end = upperBound(series.start, place[0]);
      for (let i = 0; i < end; i++) if (matches(i) && comparePlaces([series.start[i], order], place) < 0) rank++;
    }
    return rank;
  }

  tell(rank) {
    const output = document.getElementById('matches');
    if (!this.wanted) output.textContent = '';
    else if (this.count === 0) output.textContent = 'no match';
    else output.textContent = rank > 0 ? `${grouped(rank)} of ${grouped(this.count)}` : `${grouped(this.count)} matches`;
  }
}

/** The match of a series that comes next from an instant on; one exactly there counts where `alsoHere`. */
function nextIn(series, matches, time, alsoHere, direction) {
  if (direction > 0) {
    let i = alsoHere ? lowerBound(series.start, time) : upperBound(series.start, time);
    while (i < series.count && !matches(i)) i++;
    return i < series.count ? i : -1;
  }
  let i = (alsoHere ? upperBound(series.start, time) : lowerBound(series.start, time)) - 1;
  while (i >= 0 && !matches(i)) i--;
  return i;
}

function comparePlaces(a, b) {
  return a[0] - b[0] || a[1] - b[1];
}
