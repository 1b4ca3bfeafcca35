// An X display without a screen, for a browser whose own questions a test answers.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function startDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  const [number] = await Promise.race([once(server.stdio[3], 'data'), ended.then(() => [null])]);
  if (number === null) throw new Error('Xvfb does not start');
  const name = `:${String(number).trim()}`;
  return {
    name,
    // Presses a key in the window that has the focus.
    press: (key) => run('xdotool', ['key', '--clearmodifiers', key], { env: { ...process.env, DISPLAY: name } }),
    shoot: (file) => run('import', ['-window', 'root', file], { env: { ...process.env, DISPLAY: name } }),
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}
