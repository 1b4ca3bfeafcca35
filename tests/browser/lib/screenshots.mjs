import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

// Keeps a picture of the page where TWCARD_SCREENSHOTS names a folder.
export async function shoot(page, name) {
  const { TWCARD_SCREENSHOTS: folder } = process.env;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
