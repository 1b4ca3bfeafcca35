// pkcs11js.mjs DATA SIGNATURE: signs with CKM_SHA256_RSA_PKCS, in parts.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import p11 from 'pkcs11js';

const [data, signature] = process.argv.slice(2);
const content = readFileSync(data);
const module = new p11.PKCS11();
module.load(process.env.TWCARD_PKCS11_MODULE);
module.C_Initialize();

const [slot] = module.C_GetSlotList(true);
assert.equal(module.C_GetTokenInfo(slot).label.trim(), 'HiCOS PKI Smart Card');
const session = module.C_OpenSession(slot, p11.CKF_SERIAL_SESSION);
const find = (template) => {
  module.C_FindObjectsInit(session, template);
  const found = module.C_FindObjects(session, 20);
  module.C_FindObjectsFinal(session);
  return found;
};
const privateKey = [{ type: p11.CKA_CLASS, value: p11.CKO_PRIVATE_KEY }, { type: p11.CKA_ID, value: Buffer.from('SIGN') }];
assert.equal(find([{ type: p11.CKA_CLASS, value: p11.CKO_CERTIFICATE }]).length, 4);
assert.equal(find(privateKey).length, 0);

module.C_DigestInit(session, { mechanism: p11.CKM_SHA256 });
assert.deepEqual(module.C_Digest(session, content, Buffer.alloc(32)), createHash('sha256').update(content).digest());
assert.notDeepEqual(module.C_GenerateRandom(session, Buffer.alloc(16)), Buffer.alloc(16));

assert.throws(() => module.C_Login(session, p11.CKU_USER, '12'), { message: /CKR_PIN_INCORRECT/ });
module.C_Login(session, p11.CKU_USER, process.env.TWCARD_TEST_PIN);
const [key] = find(privateKey);
module.C_SignInit(session, { mechanism: p11.CKM_SHA256_RSA_PKCS }, key);
module.C_SignUpdate(session, content.subarray(0, 3));
module.C_SignUpdate(session, content.subarray(3));
writeFileSync(signature, module.C_SignFinal(session, Buffer.alloc(256)));
module.C_Logout(session);
module.C_CloseSession(session);
module.C_Finalize();
