#include "driver/card/nhi/nhi_record.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard::card;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const twcard::ByteView octets(data, size);
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, [&] {
    const auto record = parse_nhi_record(octets);
    twcard::fuzz::require(record.card_number.size() == 12);
    twcard::fuzz::require(record.birth_date.size() == 10 && record.issue_date.size() == 10);
    twcard::fuzz::require(record.name.find('\0') == std::string::npos);
  });
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData,
                                  [&] { static_cast<void>(parse_termination_mark(octets)); });
  return 0;
}
