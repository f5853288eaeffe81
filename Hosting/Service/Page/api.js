// The service's HTTP interface (docs/API.md). A bearer token, where the service wants one, is kept for as long as the tab is open.

const BASE = '/api/v1';
const TOKEN_KEY = 'actortrace-token';

/** What the service answers where it cannot do what it was asked for: one line, and the status. */
export class Problem extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export function token() {
  return sessionStorage.getItem(TOKEN_KEY) ?? '';
}

export function setToken(text) {
  sessionStorage.setItem(TOKEN_KEY, text);
}

/** A path below the interface's root; null and empty parameters are left out. */
export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== null && value !== undefined && value !== '') query.set(name, value);
  return `${BASE}${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** An address that a browser opens by itself, where no header can be sent along. */
export function directAddress(path, parameters = {}) {
  return address(path, { ...parameters, access_token: token() });
}

export async function send(method, path, { body, headers = {}, parameters, signal } = {}) {
  const authorization = token() ? { Authorization: `Bearer ${token()}` } : {};
  let answer;
  try {
    answer = await fetch(address(path, parameters), { method, body, signal, headers: { ...authorization, ...headers } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem('The service does not answer.', 0);
  }
  if (!answer.ok) throw new Problem(await tellProblem(answer), answer.status);
  return answer;
}

async function tellProblem(answer) {
  const text = await answer.text();
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.title ?? text;
  } catch {
    return text.trim() || `${answer.status} ${answer.statusText}`;
  }
}

export async function getJson(path, parameters, signal) {
  return (await send('GET', path, { parameters, signal })).json();
}

export async function post(path, value) {
  const body = value === undefined ? undefined : JSON.stringify(value);
  return (await send('POST', path, { body, headers: body ? { 'Content-Type': 'application/json' } : {} })).json();
}

export function runPath(id, rest = '') {
  return `/runs/${encodeURIComponent(id)}${rest}`;
}
