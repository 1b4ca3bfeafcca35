// Whether a certificate is valid at a time. Times are text as in CertificateInfo, which sorts like time.
#pragma once

#include "driver/card/certificate/certificate.hpp"

#include <string>
#include <string_view>

namespace twcard::card {

// YYYY-MM-DDTHH:MM:SSZ
[[nodiscard]] std::string utc_now();

[[nodiscard]] bool is_valid_at(const CertificateInfo& certificate, std::string_view time);

} // namespace twcard::card
