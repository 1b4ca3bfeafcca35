// graphene.mjs DATA SIGNATURE: signs with CKM_SHA256_RSA_PKCS_PSS.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import graphene from 'graphene-pk11';

const [data, signature] = process.argv.slice(2);
const module = graphene.Module.load(process.env.TWCARD_PKCS11_MODULE, 'twcard');
module.initialize();
const session = module.getSlots(0, true).open();
const certificates = session.find({ class: graphene.ObjectClass.CERTIFICATE });
assert.equal(certificates.length, 4);
session.login(process.env.TWCARD_TEST_PIN);
const keys = session.find({ class: graphene.ObjectClass.PRIVATE_KEY, id: Buffer.from('SIGN') });
const key = keys.items(0).toType();
const pss = new graphene.RsaPssParams(graphene.MechanismEnum.SHA256, graphene.RsaMgf.MGF1_SHA256, 32);
const sign = session.createSign({ name: 'SHA256_RSA_PKCS_PSS', params: pss }, key);
writeFileSync(signature, sign.once(readFileSync(data)));
session.logout();
session.close();
module.finalize();
