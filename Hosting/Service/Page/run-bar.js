// Name, state and progress of the shown run, and what can be done with it.

import { directAddress, post, runPath, send } from './api.js';
import { ask, by } from './dom.js';
import { progressOf, timeOf } from './run-list.js';

export const LIVE_STATES = ['running', 'paused', 'repeating'];

export function isLive(run) {
  return LIVE_STATES.includes(run.state);
}

/** The span of the whole run, which links to all others (docs/TELEMETRY.md). Jaeger looks for it under the date of the run. */
function searchInJaeger(jaeger, run) {
  const begun = new Date(run.begunAt).getTime();
  return `${jaeger}/search?${new URLSearchParams({
    service: 'run', tags: JSON.stringify({ 'service.instance.id': run.id }), lookback: 'custom', start: (begun - 1000) * 1000, end: (Date.now() + 1000) * 1000,
  })}`;
}

export class RunBar {
  constructor(page) {
    this.page = page;
    this.run = null;
    by('pause').addEventListener('click', () => this.togglePause());
    by('step').addEventListener('click', () => this.step());
    by('stop').addEventListener('click', () => this.stop());
    by('delete').addEventListener('click', () => this.delete());
  }

  show(run) {
    const isOther = this.run?.id !== run.id;
    this.run = run;
    by('run-name').textContent = run.name;
    by('run-state').dataset.state = run.state;
    if (by('run-state').textContent !== run.state) by('run-state').textContent = run.state;
    by('run-progress').value = progressOf(run);
    by('run-time').textContent = timeOf(run);
    by('run-hash').textContent = run.hash ?? '';
    if (isOther || run.reason) this.tell(run.reason ?? '');
    this.offer(run);
  }

  /** Only what the run's state allows can be pressed. */
  offer(run) {
    const goesOn = run.state === 'paused' || run.state === 'unfinished';
    by('pause').textContent = goesOn ? 'Continue' : 'Pause';
    by('pause').disabled = !goesOn && run.state !== 'running';
    by('step').disabled = run.state !== 'paused';
    by('stop').disabled = !isLive(run);
    by('report-link').href = directAddress(runPath(run.id, '/report.html'));
    const { jaeger } = this.page.settings;
    by('jaeger-link').hidden = !jaeger;
    if (jaeger) by('jaeger-link').href = searchInJaeger(jaeger, run);
  }

  tell(text) {
    by('run-reason').textContent = text;
    by('run-reason').hidden = text === '';
  }

  /** Does something with the run; a problem is told beside it. */
  async act(action) {
    const { id } = this.run;
    try {
      const run = await action(id);
      this.tell('');
      if (run && this.run.id === id) this.page.progress(run);
    } catch (problem) {
      this.tell(problem.message);
    }
  }

  togglePause() {
    if (by('pause').disabled) return;
    const verb = this.run.state === 'running' ? 'pause' : 'continue';
    this.act(id => post(runPath(id, `/${verb}`)));
  }

  step() {
    if (by('step').disabled) return;
    this.act(id => post(runPath(id, '/step'), { ns: Number(by('step-length').value) }));
  }

  async stop() {
    if (by('stop').disabled) return;
    if (await ask(`Stop ${this.run.name}? What is simulated so far stays.`, 'Stop')) this.act(id => post(runPath(id, '/stop')));
  }

  async delete() {
    if (!await ask(`Delete the run of ${this.run.name} and all that is stored of it?`, 'Delete')) return;
    this.act(async id => {
      await send('DELETE', runPath(id));
      this.page.deleted(id);
    });
  }
}
