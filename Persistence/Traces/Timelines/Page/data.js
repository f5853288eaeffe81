// The recorded timeline: how TimelineData.cs writes it, made into typed arrays.

/** The bytes of the element "data". */
async function unpack() {
  const element = document.getElementById('data');
  const text = atob(element.textContent.trim());
  element.remove();
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads LEB128 numbers, column by column. Numbers go up to 2^53: 104 days of nanoseconds. */
class Columns {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    const bytes = this.bytes;
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[this.at++];
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
      scale *= 128;
    }
  }

  numbers(count) {
    const column = new Float64Array(count);
    for (let i = 0; i < count; i++) column[i] = this.number();
    return column;
  }

  indices(count) {
    const column = new Uint32Array(count);
    for (let i = 0; i < count; i++) column[i] = this.number();
    return column;
  }

  times(count) {
    const column = this.numbers(count);
    for (let i = 1; i < count; i++) column[i] += column[i - 1];
    return column;
  }
}

/** Slices of a lane; busy[i] is the time taken by all slices before i that count as busy. */
function readSlices(columns, count, labels) {
  const start = columns.numbers(count);
  const end = columns.numbers(count);
  const label = columns.indices(count);
  const busy = new Float64Array(count + 1);
  let last = 0;
  for (let i = 0; i < count; i++) {
    const length = end[i];
    start[i] += last;
    end[i] = last = start[i] + length;
    busy[i + 1] = busy[i] + (isBusy(labels[label[i]].style) ? length : 0);
  }
  return { count, start, end, label, busy };
}

function readPoints(columns, count) {
  return {
    count,
    start: columns.times(count),
    label: columns.indices(count),
    detail: columns.indices(count),
    task: columns.indices(count),
  };
}

function readArrows(columns, count) {
  const arrows = {
    count,
    start: columns.times(count),
    end: columns.numbers(count),
    from: columns.indices(count),
    to: columns.indices(count),
    detail: columns.indices(count),
  };
  arrows.longest = 0;
  for (let i = 0; i < count; i++) {
    arrows.longest = Math.max(arrows.longest, arrows.end[i]);
    arrows.end[i] += arrows.start[i];
  }
  return arrows;
}

/** The whole timeline; its times are nanoseconds since `start`. */
function readTimeline(bytes) {
  const headLength = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headLength)));
  const columns = new Columns(bytes, 4 + headLength);
  const labels = head.labels.map(([text, style, color]) => ({ text, style, color }));
  const lanes = head.lanes.map((lane, index) => ({
    ...lane,
    index,
    slices: readSlices(columns, lane.slices, labels),
    points: readPoints(columns, lane.points),
  }));
  return {
    title: head.title,
    start: BigInt(head.start),
    span: Math.max(head.span, 1),
    events: head.events,
    details: head.details,
    labels,
    lanes,
    arrows: readArrows(columns, head.arrows),
  };
}
