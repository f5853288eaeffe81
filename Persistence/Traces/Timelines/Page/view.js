// Which part of time is shown, and where it lies on the canvas.

const SHORTEST_VIEW = 20;

class View {
  constructor(span) {
    this.first = 0;
    this.last = span;
    this.from = 0;
    this.until = span;
    this.width = 1;
    this.isMoving = false;
  }

  /** How long the trace is. */
  get span() {
    return this.last - this.first;
  }

  /** Pixel of a time. */
  x(time) {
    return (time - this.from) * this.width / (this.until - this.from);
  }

  /** Time of a pixel. */
  time(x) {
    return this.from + x * (this.until - this.from) / this.width;
  }

  /** Nanoseconds of one pixel. */
  get pixel() {
    return (this.until - this.from) / this.width;
  }

  /** Shows a range, moved and cut so that it lies inside the trace. */
  show(from, until) {
    const length = Math.min(Math.max(until - from, Math.min(SHORTEST_VIEW, this.span)), this.span);
    const middle = (from + until) / 2;
    this.from = Math.min(Math.max(middle - length / 2, this.first), this.last - length);
    this.until = this.from + length;
  }

  /** Shows the whole trace. */
  showAll() {
    this.show(this.first, this.last);
  }

  /** Zooms in (factor below 1) or out; the instant `at` stays where it is. */
  zoom(factor, at = (this.from + this.until) / 2) {
    const length = Math.min(Math.max((this.until - this.from) * factor, Math.min(SHORTEST_VIEW, this.span)), this.span);
    const share = (at - this.from) / (this.until - this.from);
    const from = Math.min(Math.max(at - share * length, this.first), this.last - length);
    this.from = from;
    this.until = from + length;
  }

  /** Moves by pixels. */
  pan(pixels) {
    const shift = pixels * this.pixel;
    this.show(this.from + shift, this.until + shift);
  }

  /** Moves an instant into sight, to the middle if it is not there. */
  reveal(time) {
    if (time >= this.from && time <= this.until) return;
    const half = (this.until - this.from) / 2;
    this.show(time - half, time + half);
  }
}
