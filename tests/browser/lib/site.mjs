// One portal and one browser for a test file.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { launchChromium } from './chromium.mjs';
import { startPortal } from './portal.mjs';
import { PortalPage } from './portal_page.mjs';
import { personWill } from './stack.mjs';

// Starts both before the file's tests and ends them after; a person who approves stands by at each test's start.
export function useSite({ options = [] } = {}) {
  const site = {};
  before(async () => {
    site.portal = await startPortal({ options });
    site.chromium = await launchChromium({ authority: site.portal.authority });
  });
  after(async () => {
    await site.chromium?.close();
    await site.portal?.stop();
  });
  afterEach(() => personWill('approve'));

  // A new page of a new visitor. What the page's own policy refuses is a fault of the page.
  site.visit = async (more = {}) => {
    const { origin } = site.portal;
    const page = await site.chromium.newPage({ origin, ...more });
    page.on('pageerror', (error) => assert.fail(error));
    page.on('console', (message) => assert.doesNotMatch(message.text(), /Content Security Policy/));
    const portalPage = new PortalPage(page, origin);
    await portalPage.open();
    return portalPage;
  };
  return site;
}
