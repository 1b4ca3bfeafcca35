// The names and ports of the tests' web sites, all of them at 127.0.0.1; browsers take them for public ones.
export const HOSTS = ['page.test', 'other.test', 'refused.test'];
export const PORTS = { main: 8443, withoutService: 8444, denied: 8445, pages: 8446, insecurePages: 8447, simulator: 8449 };
// Nobody trusts the certificate of this one.
export const UNTRUSTED_PORT = 8448;
// A site to whose question for the permission the person has said no before.
export const REFUSED_ORIGIN = `https://refused.test:${PORTS.pages}`;
