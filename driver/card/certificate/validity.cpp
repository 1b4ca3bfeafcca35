#include "driver/card/certificate/validity.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace twcard::card {

std::string utc_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

bool is_valid_at(const CertificateInfo& certificate, std::string_view time) {
  return certificate.not_before <= time && time <= certificate.not_after;
}

} // namespace twcard::card
