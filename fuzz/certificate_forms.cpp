// What the service tells a page of a certificate of the card: JSON of a bounded size whatever the certificate is, or
// the card is refused.
#include "daemon/card/methods/json_forms.hpp"

#include "fuzz/fuzz.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace twcard;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::parses_or_refuses(Errc::BadCardData, [&] {
    service::Snapshot snapshot;
    service::TokenCertificate certificate;
    certificate.info = card::parse_certificate({data, size});
    certificate.on_card = {card::CertificateRole::Signature, "SIGN", "label", Bytes(data, data + size), 1};
    snapshot.certificates.push_back(std::move(certificate));
    const auto forms = service::certificates_for_pages(snapshot);
    const auto text = boost::json::serialize(forms);
    fuzz::require(text.size() < 1024 + 40 * size);
    fuzz::require(boost::json::parse(text) == forms); // which refuses invalid UTF-8
    fuzz::require(snapshot.certificates.front().info.last_four.size() <= 16);
  });
  return 0;
}
