#include "driver/card/nhi/nhi_record.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard::card;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const twcard::ByteView octets(data, size);
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, [&] {
    const auto record = parse_nhi_record(octets);
    twcard::fuzz::require(record.card_number.empty() || record.card_number.size() == 12);
    for (const auto& date : {record.birth_date, record.issue_date})
      twcard::fuzz::require(date.empty() || date.size() == 10);
    twcard::fuzz::require(record.name.find('\0') == std::string::npos);
  });
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData,
                                  [&] { static_cast<void>(parse_termination_mark(octets)); });
  return 0;
}
