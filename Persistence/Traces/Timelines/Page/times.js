// Times as people read them.

const UNITS = [[1e9, 's'], [1e6, 'ms'], [1e3, 'us'], [1, 'ns']];

/** 1234567 as 1 234 567, with thin spaces. */
function grouped(digits) {
  return String(digits).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A duration in its natural unit: 4.018 ms. */
function shortDuration(ns) {
  const [scale, unit] = UNITS.find(([size]) => ns >= size) ?? UNITS[3];
  const value = ns / scale;
  const digits = unit === 'ns' ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3;
  return `${value.toFixed(digits)} ${unit}`;
}

/** A duration with its exact nanoseconds: 4.018 ms (4 017 709 ns). */
function exactDuration(ns) {
  return ns < 1000 ? `${Math.round(ns)} ns` : `${shortDuration(ns)} (${grouped(Math.round(ns))} ns)`;
}

/** Exact nanoseconds of the trace's clock of a time relative to its start. */
function absolute(timeline, time) {
  return timeline.start + BigInt(Math.round(time));
}

/** An instant in seconds, to the nanosecond: 0.209 849 123 s. */
function exactInstant(timeline, time) {
  const ns = absolute(timeline, time);
  const fraction = String(ns % 1000000000n).padStart(9, '0').replace(/(\d{3})(?=\d)/g, '$1\u202f');
  return `${grouped(ns / 1000000000n)}.${fraction} s`;
}

/** An instant in seconds with as many digits as a step of `step` nanoseconds needs. */
function axisInstant(timeline, time, step) {
  const digits = Math.min(9, Math.max(0, 9 - Math.floor(Math.log10(Math.max(step, 1)) + 1e-9)));
  const ns = absolute(timeline, time);
  const seconds = grouped(ns / 1000000000n);
  if (digits === 0) return seconds;
  return `${seconds}.${String(ns % 1000000000n).padStart(9, '0').slice(0, digits)}`;
}

/** A step of 1, 2 or 5 times a power of ten nanoseconds that is at least `least`. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const factor = [1, 2, 5, 10].find(f => f * power >= least) ?? 10;
  return Math.max(1, factor * power);
}
