// When the certificate of the TLS ports ends. `twcard setup legacy nhiicc` renews it in its last 30 days, and nobody
// else does: the person has to be warned.
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

namespace twcard::web {

// What a log says of the first certificate in this PEM file from 30 days before its end on; nullopt earlier, and for a
// file that holds no certificate.
[[nodiscard]] std::optional<std::string> warning_of_end(const std::filesystem::path& certificate, std::time_t now);

} // namespace twcard::web
