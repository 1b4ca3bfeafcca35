// What a page learns about a certificate of the card, as pkcs11info and as an image: JSON whatever the certificate is;
// and the CMS message around it, or none.
#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/hipki/signed_data.hpp"

#include "fuzz/fuzz.hpp"

#include <boost/json/parse.hpp>

using namespace twcard;
using namespace twcard::web::hipki;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  KeyCertificate certificate;
  certificate.id = "SIGN";
  certificate.der.assign(data, data + size);
  certificate.usage = {"digitalSignature"};
  certificate.has_key = true;
  const std::vector<Reader> readers{{"Reader 00 00", false, Card{"1", {certificate}}}};

  const auto answer = information_answer(readers, true, true);
  fuzz::require(answer.size() < 1024 + 24 * size);
  const auto told = boost::json::parse(answer); // which refuses invalid UTF-8
  fuzz::require(boost::json::parse(pixel_text(answer)) == told);

  fuzz::parses_or_refuses(Errc::Internal, [&] {
    SignedData message(as_bytes("x"), "SHA-256", {});
    static_cast<void>(std::move(message).assemble(certificate.der, Bytes(256)));
  });
  return 0;
}
