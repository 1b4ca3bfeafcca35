// Visitors of a portal, for the tests of one describe().
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { PortalPage } from './portal_page.mjs';
import { browser, portals } from './shared.mjs';
import { personWill } from './stack.mjs';

// Firefox reports a connection that fails as if the page had made a mistake.
const isFault = ({ message }) => !/establish a connection/.test(message);

// `portal`: a name of `portals`. A person who approves stands by at each test's start.
export function useSite(portal = 'main') {
  const site = {};
  let usual;
  before(async () => {
    site.portal = await portals[portal]();
    site.browser = await browser();
  });
  afterEach(() => personWill('approve'));
  after(() => usual?.context().close());

  // What the page's own policy refuses is a fault of the page.
  const open = async (options) => {
    const page = await site.browser.newPage({ origin: site.portal.origin, ...options });
    page.on('pageerror', (error) => assert.ok(!isFault(error), error));
    page.on('console', (message) => assert.doesNotMatch(message.text(), /Content.Security.Policy/));
    return page;
  };

  // A new visitor: in a browser context of its own where there are `options`, else in one that has forgotten the last.
  site.visit = async (options) => {
    let page;
    if (options) {
      page = await open(options);
    } else if (usual && !usual.isClosed()) {
      page = usual;
      await page.context().clearCookies();
      await page.evaluate(() => localStorage.clear());
    } else {
      page = usual = await open();
    }
    const visitor = new PortalPage(page, site.portal.origin);
    await visitor.open();
    return visitor;
  };
  return site;
}
