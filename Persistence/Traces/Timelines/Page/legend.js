// The legend: one entry for each look that the trace has.

const LEGEND = [
  [STYLE.task, 'running'], [STYLE.woken, 'runnable, woken'], [STYLE.preempted, 'runnable, preempted'], [STYLE.sleeping, 'sleeping'],
  [STYLE.blocked, 'blocked'], [STYLE.interrupt, 'interrupt'], [STYLE.hypervisor, 'hypervisor'], [STYLE.loss, 'events lost'],
  [STYLE.hit, 'probe hit'], [STYLE.marker, 'marker'], [STYLE.probe, 'probe in or out'], [STYLE.wakeup, 'wake-up'], [STYLE.step, 'hypervisor step'],
];

class Legend {
  constructor(app) {
    this.app = app;
    this.note = make('p', { className: 'note', hidden: true, textContent: 'Too many causal arrows to draw: zoom in.' });
  }

  /** Draws it; again when the theme changes. */
  show() {
    const used = new Set(this.app.timeline.labels.map(label => label.style));
    const list = make('ul', {});
    for (const [style, text] of LEGEND) {
      if (used.has(style)) list.append(make('li', {}, this.sample(style), text));
    }
    if (this.app.timeline.arrows.count > 0) list.append(make('li', {}, this.arrowSample(), 'hit to log entry'));
    document.getElementById('legend').replaceChildren(list, this.note);
  }

  noteArrows(tooMany) {
    this.note.hidden = !tooMany;
  }

  sample(style) {
    const label = this.app.timeline.labels.findIndex(each => each.style === style);
    const canvas = document.createElement('canvas');
    const context = beginPaint(canvas, 22, 12);
    if (style >= STYLE.hit) {
      context.fillStyle = this.app.colors.ofStyle(style);
      paintGlyph(context, style, 11, 1, 10);
    } else {
      paintSlice(context, this.app, label, 1, 0, 20, 11, false);
    }
    return canvas;
  }

  arrowSample() {
    const canvas = document.createElement('canvas');
    const context = beginPaint(canvas, 22, 12);
    context.strokeStyle = context.fillStyle = this.app.colors.named.arrow;
    context.beginPath();
    context.moveTo(2, 6);
    context.lineTo(19, 6);
    context.stroke();
    paintDot(context, 3, 6);
    paintHead(context, 21, 6, 0);
    return canvas;
  }
}
