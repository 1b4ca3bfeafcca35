#include "portal/store/journal.hpp"

#include <fmt/chrono.h>
#include <fmt/ostream.h>
#include <stdexcept>
#include <sys/stat.h>

namespace twcard::portal {
namespace {

std::string_view mark(bool simulated) {
  return simulated ? ",\"simulated\":true" : ",\"simulated\":false";
}

} // namespace

Journal::Journal(const std::filesystem::path& file) {
  if (file.empty()) return;
  const mode_t before = umask(077);
  m_file.open(file, std::ios::app);
  umask(before);
  if (!m_file) throw std::runtime_error("cannot write " + file.string());
}

void Journal::write(std::string_view event, std::string_view more, Time now) {
  if (!m_file.is_open()) return;
  const auto utc = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
  fmt::print(m_file, "{{\"event\":\"{}\",\"at\":\"{:%Y-%m-%dT%H:%M:%SZ}\"{}}}\n", event, utc, more);
  m_file.flush();
}

void Journal::login_verified(bool simulated, Time now) {
  write("login_verified", mark(simulated), now);
}

void Journal::nhi_login_verified(bool simulated, Time now) {
  write("nhi_login_verified", mark(simulated), now);
}

void Journal::old_nhi_login_verified(bool simulated, Time now) {
  write("old_nhi_login_verified", mark(simulated), now);
}

void Journal::nhi_account_opened(Time now) {
  write("nhi_account_opened", "", now);
}

void Journal::nhi_form_accepted(Time now) {
  write("nhi_form_accepted", "", now);
}

} // namespace twcard::portal
