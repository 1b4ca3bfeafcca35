#include "cli/legacy/state.hpp"

#include "cli/legacy/certificate.hpp"
#include "cli/legacy/hosts_file.hpp"
#include "cli/system/card_profiles.hpp"
#include "cli/system/files.hpp"

#include <array>

namespace twcard::cli {

namespace {

constexpr std::size_t max_pem_file = std::size_t{64} * 1024;
constexpr long day = 24L * 60 * 60;

} // namespace

std::vector<NssDatabase> browser_databases() {
  auto databases = nss_databases();
  std::erase_if(databases, [](const auto& database) { return database.program == "Thunderbird"; });
  return databases;
}

std::string pem_in(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? std::string(as_text(read_file(file, max_pem_file))) : std::string();
}

NhiiccState nhiicc_state(const LegacyFiles& files) {
  NhiiccState state;
  const auto authority = pem_in(files.authority);
  state.certificate_end = end_of({pem_in(files.chain), authority, pem_in(files.key)});
  try {
    const Certutil certutil;
    for (const auto& database : browser_databases())
      state.browsers.push_back({database, certutil.certificate(database.folder, authority_nickname) == authority});
  } catch (const Failure& failure) {
    state.browsers.clear();
    state.browsers_unknown = failure;
  }
  state.has_name = HostsFile().has(rpc::nhiicc_host);
  state.has_profile = has_card_profile("nhi");
  return state;
}

std::string date_of(std::time_t time) {
  std::tm parts{};
  std::array<char, 16> text{};
  ::localtime_r(&time, &parts);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

long days_until(std::time_t time, std::time_t now) {
  const auto seconds = static_cast<long>(time - now);
  return seconds >= 0 ? seconds / day : (seconds - day + 1) / day;
}

} // namespace twcard::cli
