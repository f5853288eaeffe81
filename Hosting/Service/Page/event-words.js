// What events do to a timeline and how they are told: the events of the service by their names (as EventRole.cs,
// EventNames.cs and HypervisorReason.cs, which do the same for the report's page).

import { STYLE } from './timeline.js';

const HANDLERS = ['irq_handler', 'softirq', 'ipi'];

export const ROLES = new Map([
  ['sched_switch', 'switch'],
  ['sched_wakeup', 'wakeup'],
  ['sched_wakeup_new', 'wakeup'],
  ['sched_waking', 'none'],
  ['sched_stat_runtime', 'none'],
  ['cpu_idle', 'none'],
  ...HANDLERS.map(name => [`${name}_entry`, 'enter']),
  ...HANDLERS.map(name => [`${name}_exit`, 'exit']),
  ['hyp_enter', 'hypEnter'],
  ['hyp_exit', 'hypExit'],
  ['host_hcall', 'step'],
  ['host_mem_abort', 'step'],
  ['lost', 'lost'],
]);

export function roleOf(name) {
  return ROLES.get(name) ?? (name.startsWith('hyp_') ? 'step' : 'point');
}

/** Style and text of an event as a point. */
export function pointLabel(event) {
  const { n: name, a: args } = event;
  if (isHit(args)) return [STYLE.hit, args.symbol ?? name];
  if (name === 'hyp_install' || name === 'hyp_remove') return [STYLE.probe, name];
  if (name.startsWith('hyp_') || name.startsWith('host_')) return [STYLE.step, name];
  if (name === 'print') return [STYLE.marker, name];
  return [name.startsWith('sched_wakeup') ? STYLE.wakeup : STYLE.other, name];
}

/** A hit of a probe has the guest's stack, a return the function that came back; both are named by their symbol. */
export function isHit(args) {
  return args.pc !== undefined && (args.stack0 !== undefined || args.function !== undefined);
}

/** Which state a prev_state is: the kernel's bits. */
export function stateLabel(state) {
  if ((state & 0xff) === 0 || (state & 0x100) !== 0) return [STYLE.preempted, 'runnable, preempted'];
  if ((state & 0xff) === 1) return [STYLE.sleeping, 'sleeping (S)'];
  const letters = [...'SDTtXZPI'].filter((_, bit) => (state >> bit & 1) !== 0);
  return [STYLE.blocked, `blocked (${letters.join('|')})`];
}

/** What a handler's entry is called. */
export function handlerName(event) {
  if (event.n === 'irq_handler_entry') return `irq ${event.a.irq} ${event.a.name}`;
  return `${event.n.replace('_entry', '')} ${describeArguments(event)}`;
}

// Exception classes of the HSR (table B3-25), as EventSymbols.cs names them.
const REASONS = new Map([
  [0x03, 'CP15_32'], [0x04, 'CP15_64'], [0x05, 'CP14_32'], [0x06, 'CP14_LS'], [0x07, 'CP_ACCESS'], [0x08, 'CP10_ID'], [0x0a, 'BXJ'],
  [0x0c, 'CP14_64'], [0x11, 'SVC'], [0x13, 'SMC'], [0x20, 'PREFETCH_ABORT'], [0x21, 'PREFETCH_ABORT_HYP'], [0x24, 'DATA_ABORT'], [0x25, 'DATA_ABORT_HYP'],
]);

// HSR (ARM DDI 0406C, B3.13.6): EC 31:26; the immediate of an HVC is ISS 15:0; IFSC 5:0, 0x22 = debug event.
export function reasonOf({ hsr }) {
  const cause = hsr >>> 26;
  if (hsr === 0) return 'interrupt';
  if (cause === 0x01) return 'WFI or WFE';
  if (cause === 0x12) return (hsr & 0xffff) >= 0x100 && (hsr & 0xffff) <= 0xfff ? 'probe' : 'hypercall';
  if (cause === 0x20 && (hsr & 0x3f) === 0x22) return 'probe';
  if (cause === 0x20 || cause === 0x24) return 'stage-2 abort';
  return REASONS.get(cause) ?? 'UNKNOWN';
}

// The kernel's softirqs by number (include/linux/interrupt.h).
const SOFTIRQS = ['HI', 'TIMER', 'NET_TX', 'NET_RX', 'BLOCK', 'IRQ_POLL', 'TASKLET', 'SCHED', 'HRTIMER', 'RCU'];

const HEXADECIMAL = new Set([
  'pc', 'caller', 'sp', 'function', 'stack0', 'stack1', 'stack2', 'stack3', 'hsr', 'fault', 'class', 'detail2', 'instruction',
  'pa', 'ipa', 'value', 'address', 'immediate', 'esr', 'addr', 'ip',
]);

/** The arguments in words. */
export function describeArguments({ n: name, a: args }) {
  if (name === 'print') return String(args.buf);
  if (name === 'ipi_entry' || name === 'ipi_exit') return `(${args.reason})`;
  if (name.startsWith('softirq_')) return `vec=${args.vec} [action=${SOFTIRQS[args.vec] ?? `0x${args.vec.toString(16)}`}]`;
  const words = [];
  for (const key in args) {
    const value = args[key];
    words.push(`${key}=${typeof value === 'number' && HEXADECIMAL.has(key) ? `0x${value.toString(16)}` : value}`);
  }
  return words.join(' ');
}
