import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

// Keeps a picture of the page where TWCARD_SCREENSHOTS names a folder.
export async function shoot(page, name) {
  const { TWCARD_SCREENSHOTS: folder } = process.env;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  // Hiding the caret and stopping animations would take a style that the portal's policy refuses.
  await page.screenshot({ path: join(folder, `${name}.png`), caret: 'initial', animations: 'allow' });
}
