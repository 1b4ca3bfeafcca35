// The stack around this process (scripts/with-stack): simulated cards, and the person who answers the prompts.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = () => {
  const { TWCARD_STACK_DIR: path } = process.env;
  if (!path) throw new Error('run this by scripts/with-stack');
  return path;
};

export const person = {
  name: process.env.TWCARD_TEST_NAME,
  idNumber: process.env.TWCARD_TEST_ID,
  pin: process.env.TWCARD_TEST_PIN,
};

// How the person answers from the next prompt on: approve, always, refuse, wrong-pin, cancel, slow.
export async function personWill(mode, { delayMs = 0 } = {}) {
  const file = join(folder(), 'person.json');
  await writeFile(`${file}.new`, JSON.stringify({ mode, pin: person.pin, delay_ms: delayMs }));
  await rename(`${file}.new`, file);
}

// What sites may read without asking.
export const revokeGrants = () => run('twcard', ['--no-start', 'grants', 'revoke', '--all']);

// How the insurer's site behaves from the next connection on, in words of `twcard-sim site`; '' is well.
export const siteWill = (words) => writeFile(process.env.TWCARD_TEST_SITE_BEHAVIOUR, words);

// The dialogs so far: {kind: "confirm" | "pin" | "message", title, description, prompt, error, answer}.
export async function dialogs() {
  const lines = await readFile(join(folder(), 'person.transcript'), 'utf8');
  return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

// Whether a prompt is open now: whether the program that plays the person runs.
export async function promptIsOpen() {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('twcard-sim\0person\0')) return true;
  }
  return false;
}

// Waits until `condition()` holds; the events that it looks at have no other sign.
export async function until(condition, what, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const cards = {
  file: (kind) => join(folder(), `${kind}.json`),
  insert: (reader, kind) => run('twcard-sim', ['insert', String(reader), cards.file(kind)]),
  remove: (reader) => run('twcard-sim', ['remove', String(reader)]),
  // `file`: of another card; `kind`: as the service calls it.
  async swap(reader, file, kind = file) {
    await cards.remove(reader);
    await cards.insert(reader, file);
    await cards.ready(kind);
  },
  // Commands that the cards were asked since the last call.
  async apdus() {
    const { stdout } = await run('twcard-sim', ['counters', '--json', '--reset']);
    return JSON.parse(stdout).readers.reduce((sum, { apdus = 0 }) => sum + apdus, 0);
  },
  // Waits until the service has read every inserted card.
  async ready(kind) {
    await until(async () => {
      const { stdout } = await run('twcard', ['--no-start', 'status', '--json']);
      return JSON.parse(stdout).readers.some(({ card }) => card?.kind === kind && card.state === 'ready');
    }, `the ${kind} card is read`);
  },
};

async function startProgram(name, options, isReady) {
  const program = spawn(name, options, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(program, 'exit');
  await until(isReady, `${name} is ready`);
  return {
    async stop() {
      program.kill('SIGTERM');
      await ended;
    },
  };
}

const connects = (where) => new Promise((resolve) => {
  const socket = createConnection(where);
  socket.once('connect', () => resolve(socket.destroy()));
  socket.once('error', () => resolve(false));
});

// A second twcard-web; `deny`: origins that it turns away; `socket`: of the twcardd behind it, the stack's unless given.
export function startService({ port, deny = [], socket }) {
  const options = ['--port', String(port), ...deny.flatMap((origin) => ['--deny', origin])];
  if (socket) options.push('--socket', socket);
  return startProgram('twcard-web', options, () => connects({ port, host: '127.0.0.1' }));
}

// A second twcardd before the same readers and the same person.
export const secondCardService = () => join(folder(), 'run/second.sock');
export const startCardService = () =>
  startProgram('twcardd', ['--socket', secondCardService()], () => connects({ path: secondCardService() }));
