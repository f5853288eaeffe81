// A sequence diagram in SVG: a column for each actor, a row for each message, from top to bottom in order of time.

import { shortDuration } from './timeline.js';

const COLUMN = 150;
const ROW = 30;
const HEAD = 34;
const TIME = 92;
const MOST_ROWS = 2000;

export function drawSequence(chain) {
  const messages = chain.messages.slice(0, MOST_ROWS);
  const actors = chain.participants.map(participant => participant.name);
  const [width, height] = [TIME + actors.length * COLUMN, HEAD + messages.length * ROW + 16];
  const svg = element('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' });
  svg.append(text('title', {}, `${chain.name}: ${messages.map(message => `${message.from} to ${message.to}: ${message.message}`).join('; ')}`));
  const x = actor => TIME + COLUMN / 2 + actors.indexOf(actor) * COLUMN;
  for (const { name, isActor } of chain.participants) svg.append(...drawParticipant(name, isActor, x(name), height));
  messages.forEach((message, row) => svg.append(drawMessage(message, x, HEAD + row * ROW + ROW / 2 + 4, messages[0].startNs)));
  return svg;
}

/** An actor is a box, a part of a guest or of its memory a rounded one. */
function drawParticipant(name, isActor, x, height) {
  const box = { class: isActor ? 'actor' : 'guest', x: x - COLUMN / 2 + 5, y: 4, width: COLUMN - 10, height: HEAD - 10, rx: isActor ? 2 : 12 };
  return [
    element('line', { class: 'life', x1: x, x2: x, y1: HEAD - 6, y2: height - 8 }),
    element('rect', box),
    text('text', { class: 'name', x, y: HEAD / 2 + 3 }, name),
  ];
}

function drawMessage(message, x, y, begin) {
  const [from, to] = [x(message.from), x(message.to)];
  const group = element('g', { class: 'message' });
  const attributes = Object.entries(message.attributes ?? {}).map(([name, value]) => `${name} = ${value}`);
  const core = message.core === null || message.core === undefined ? [] : [`core ${message.core}`];
  group.append(text('title', {}, [`${message.message}: ${message.from} to ${message.to}`, ...core, `takes ${shortDuration(message.endNs - message.startNs)}`, ...attributes].join('\n')));
  group.append(element('rect', { class: 'row', x: 0, y: y - ROW / 2 - 3, width: '100%', height: ROW }));
  group.append(text('text', { class: 'time', x: TIME - 8, y: y + 3 }, `+${shortDuration(message.startNs - begin)}`));
  if (from === to) {
    group.append(element('path', { class: 'arrow', d: `M${from} ${y - 5}h26v10h-20` }), head(from + 6, y + 5, -1));
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
