// What `twcard setup legacy` has put where, and what of it is there: for its own list and for `twcard doctor`.
// Source: docs/dialects/setup.md, "Switching a dialect on", "The certificate".
#pragma once

#include "cli/frame/failure.hpp"
#include "cli/legacy/settings.hpp"
#include "cli/system/nss_databases.hpp"
#include "cli/system/person_folders.hpp"

#include <ctime>

namespace twcard::cli {

// A Failure without HOME.
struct LegacyFiles {
  std::filesystem::path settings = rpc::legacy_settings_file(config_folder() / "twcard");
  std::filesystem::path folder = config_folder() / "twcard/legacy";
  std::filesystem::path chain = folder / "certificate.pem"; // as twcard-web sends it
  std::filesystem::path authority = folder / "ca.pem";      // for those who trust it
  std::filesystem::path key = folder / "key.pem";
};

// The name of the authority in the browsers' databases.
inline constexpr auto authority_nickname = "twcard on this computer";

// The browsers' databases: mail programs open no such site.
[[nodiscard]] std::vector<NssDatabase> browser_databases();

// Empty when there is no such file.
[[nodiscard]] std::string pem_in(const std::filesystem::path& file);

struct BrowserTrust {
  NssDatabase database;
  bool trusts = false; // the authority of now
};

// What NHIICC needs beside its settings; HiPKI, plain HTTP, needs nothing.
struct NhiiccState {
  std::optional<std::time_t> certificate_end; // nullopt: none, or none that can be used
  std::vector<BrowserTrust> browsers;
  std::optional<Failure> browsers_unknown; // why `browsers` is empty: certutil is not installed
  bool has_name = false;                   // the hosts file has iccert.nhi.gov.tw point here
  bool has_profile = false;                // a card profile of kind nhi is there
};

[[nodiscard]] NhiiccState nhiicc_state(const LegacyFiles& files);

// The date in this person's time zone, "2027-12-24".
[[nodiscard]] std::string date_of(std::time_t time);
// Whole days, rounded down; negative when it is past.
[[nodiscard]] long days_until(std::time_t time, std::time_t now);

} // namespace twcard::cli
