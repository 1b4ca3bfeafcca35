// A certification authority for one run, and the portal's certificate under it.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Makes ca.pem, site.pem and site.key in `folder`. The names are what the site's certificate is good for.
export async function makeSiteCertificate(folder, names) {
  await mkdir(folder, { recursive: true });
  const file = (name) => join(folder, name);
  const openssl = (...options) => run('openssl', options);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl('req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '30',
    '-subj', '/CN=twcard browser tests CA', '-addext', 'keyUsage=critical,keyCertSign',
    '-addext', 'basicConstraints=critical,CA:TRUE');
  await openssl('req', '-new', ...newKey, '-keyout', file('site.key'), '-out', file('site.csr'), '-subj', `/CN=${names[0]}`);
  await writeFile(file('site.cnf'), [
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
    'extendedKeyUsage=serverAuth',
    'basicConstraints=CA:FALSE',
  ].join('\n'));
  await openssl('x509', '-req', '-in', file('site.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-days', '30',
    '-extfile', file('site.cnf'), '-out', file('site.pem'));
  return { authority: file('ca.pem'), certificate: file('site.pem'), key: file('site.key') };
}

// Makes NSS databases in `folder`, with the authority of the PEM file as one for web sites, and that of the old dialects
// where the stack has one: what both browsers read.
export async function trustAuthority(folder, authority) {
  await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password']);
  const { TWCARD_LEGACY_CA: ofDialects } = process.env;
  for (const [name, file] of Object.entries({ site: authority, ...(ofDialects && { dialects: ofDialects }) })) {
    await run('certutil', ['-A', '-d', `sql:${folder}`, '-n', name, '-t', 'C,,', '-i', file]);
  }
}
