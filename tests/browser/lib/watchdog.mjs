// Ends a run in which nothing ends any more, and says which test it was: without it nobody would learn that before the
// limit of the whole run, and then not the name.
import { afterEach, beforeEach } from 'node:test';

const LIMIT_SECONDS = 240;
let timer;

function watch(what) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    process.stderr.write(`no end within ${LIMIT_SECONDS} s: ${what}; open: ${process.getActiveResourcesInfo()}\n`);
    process.exit(1);
  }, LIMIT_SECONDS * 1000);
  timer.unref();
}

watch('what comes before the first test');
beforeEach(({ name }) => watch(name));
afterEach(({ name }) => watch(`what comes after "${name}"`));
