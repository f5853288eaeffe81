// A sequence diagram in SVG: a column for each actor, a row for each message, from top to bottom in order of time.

import { make, shortDuration } from './timeline.js';

const COLUMN = 112;
const ROW = 25;
const HEAD = 38;
const TIME = 84;
const MOST_ROWS = 2000;

/** The heads stay in sight while one scrolls down. */
export function drawSequence(chain) {
  const messages = chain.messages.slice(0, MOST_ROWS);
  const names = chain.participants.map(participant => participant.name);
  const x = name => TIME + COLUMN / 2 + names.indexOf(name) * COLUMN;
  const width = TIME + names.length * COLUMN;
  const heads = canvas(width, HEAD, 'heads');
  const body = canvas(width, messages.length * ROW + 12, 'body');
  body.setAttribute('role', 'img');
  body.append(text('title', {}, `${chain.name}: ${messages.map(message => `${message.from} to ${message.to}: ${message.message}`).join('; ')}`));
  for (const { name, isActor } of chain.participants) {
    heads.append(...drawHead(name, isActor, x(name)));
    body.append(element('line', { class: 'life', x1: x(name), x2: x(name), y1: 0, y2: messages.length * ROW + 6 }));
  }
  messages.forEach((message, row) => body.append(drawMessage(message, x, row * ROW + ROW / 2 + 4, messages[0].startNs)));
  return make('div', { className: 'diagram' }, heads, body);
}

/** An actor is a box, a part of a guest or of its memory a rounded one. What stands before the last name is where it belongs. */
function drawHead(name, isActor, x) {
  const [, place, last] = /^(?:(.*)\/)?([^/]*)$/.exec(name);
  const box = { class: isActor ? 'actor' : 'guest', x: x - COLUMN / 2 + 3, y: 3, width: COLUMN - 6, height: HEAD - 6, rx: isActor ? 2 : 12 };
  const group = element('g', { class: 'name' });
  group.append(text('title', {}, name), element('rect', box));
  if (place) group.append(text('text', { class: 'place', x, y: HEAD / 2 - 4 }, place));
  group.append(text('text', { x, y: HEAD / 2 + (place ? 9 : 4) }, last));
  return [group];
}

function drawMessage(message, x, y, begin) {
  const [from, to] = [x(message.from), x(message.to)];
  const group = element('g', { class: 'message' });
  const attributes = Object.entries(message.attributes).map(([name, value]) => `${name} = ${value}`);
  const takes = message.endNs > message.startNs ? [`takes ${shortDuration(message.endNs - message.startNs)}`] : [];
  group.append(text('title', {}, [`${message.message}: ${message.from} to ${message.to}`, `core ${message.core}`, ...takes, ...attributes].join('\n')));
  group.append(element('rect', { class: 'row', x: 0, y: y - ROW / 2 - 4, width: '100%', height: ROW }));
  group.append(text('text', { class: 'time', x: TIME - 8, y: y + 3 }, `+${shortDuration(message.startNs - begin)}`));
  if (from === to) {
    group.append(element('path', { class: 'arrow', d: `M${from} ${y - 5}h26v10h-20` }), head(from, y + 5, -1));
    group.append(text('text', { class: 'what self', x: from + 32, y: y + 3 }, message.message));
  } else {
    const side = Math.sign(to - from);
    group.append(element('path', { class: 'arrow', d: `M${from} ${y}H${to - 6 * side}` }), head(to, y, side));
    group.append(text('text', { class: 'what', x: (from + to) / 2, y: y - 4 }, message.message));
  }
  return group;
}

/** The head of an arrow that points right (1) or left (-1). */
function head(x, y, side) {
  return element('path', { class: 'head', d: `M${x} ${y}l${-7 * side} -3.5v7z` });
}

function canvas(width, height, name) {
  return element('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: name });
}

function element(name, attributes) {
  const result = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  return result;
}

function text(name, attributes, content) {
  const result = element(name, attributes);
  result.textContent = content;
  return result;
}
