// Where each lane lies: bar and strip (points, ends of arrows) of every lane, and the labels beside them.

const GROUP_HEIGHT = 24;
const BAR = { [KIND.cpu]: 26, [KIND.interrupts]: 9, [KIND.hypervisor]: 18, [KIND.task]: 15 };
const STRIP = { [KIND.cpu]: 11, [KIND.interrupts]: 0, [KIND.hypervisor]: 12, [KIND.task]: 7 };
const GAP = { [KIND.cpu]: 3, [KIND.interrupts]: 5, [KIND.hypervisor]: 4, [KIND.task]: 2 };

/** Gives each lane top, bar and strip heights; answers the height of all and the headings. */
function layOut(timeline) {
  const headings = [];
  let y = 0;
  let group = null;
  for (const lane of timeline.lanes) {
    if (lane.group !== group) {
      group = lane.group;
      headings.push({ text: group, top: y });
      y += GROUP_HEIGHT;
    }
    lane.top = y;
    lane.bar = BAR[lane.kind];
    lane.strip = STRIP[lane.kind];
    lane.height = lane.bar + lane.strip + GAP[lane.kind];
    y += lane.height;
  }
  return { headings, height: y + 6 };
}

/** One element for each lane and heading: there are few of them, and they can be read aloud. */
function labelLanes(app) {
  const parent = document.getElementById('lanes');
  parent.replaceChildren();
  for (const heading of app.layout.headings) {
    const element = make('div', { className: 'group', textContent: heading.text });
    place(element, heading.top, GROUP_HEIGHT);
    parent.append(element);
  }
  for (const lane of app.timeline.lanes) {
    const element = make('div', { className: lane.kind === KIND.interrupts ? 'lane irq' : 'lane' });
    element.dataset.lane = lane.key;
    if (lane.kind === KIND.task) element.append(swatch(app.colors.ofTaskLane(lane)));
    element.append(make('b', { textContent: lane.title }), make('i', { textContent: lane.note }));
    place(element, lane.top, lane.height);
    parent.append(element);
    lane.element = element;
  }
  parent.style.height = document.getElementById('rows').style.height = `${app.layout.height}px`;
}

function place(element, top, height) {
  element.style.position = 'absolute';
  element.style.left = '0';
  element.style.right = '0';
  element.style.top = `${top}px`;
  element.style.height = `${height}px`;
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function swatch(color) {
  const element = make('s', {});
  element.style.background = color;
  return element;
}

/** The lane at a height of the page of lanes; undefined between lanes. */
function laneAt(timeline, y) {
  return timeline.lanes.find(lane => y >= lane.top && y < lane.top + lane.height);
}
