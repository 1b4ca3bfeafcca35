#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/hosts_file.hpp"
#include "cli/legacy_certificate.hpp"
#include "cli/legacy_settings.hpp"
#include "cli/nss_databases.hpp"
#include "cli/output.hpp"
#include "cli/person_folders.hpp"
#include "cli/terminal_text.hpp"
#include "rpc/web_origin.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

using std::filesystem::path;

constexpr auto nickname = "twcard on this computer";
constexpr std::size_t max_pem_file = std::size_t{64} * 1024;

struct Files {
  path settings = config_folder() / "twcard/legacy.json";
  path folder = config_folder() / "twcard/legacy";
  path chain = folder / "certificate.pem"; // as twcard-web sends it
  path authority = folder / "ca.pem";      // for those who trust it
  path key = folder / "key.pem";
};

std::vector<std::string> origins_of(const Arguments& arguments, const char* option) {
  std::vector<std::string> origins;
  for (const auto& text : arguments.values(option)) {
    auto origin = rpc::parse_origin(text, false);
    if (!origin)
      throw usage_error(
          fmt::format("{} {}: no origin of a site; it looks like https://site.example", option, escaped(text)),
          fmt::format("{} {}：不是網站的來源；格式如 https://site.example", option, escaped(text)));
    if (std::ranges::find(origins, *origin) == origins.end()) origins.push_back(std::move(*origin));
  }
  return origins;
}

LegacySites sites_of(const Arguments& arguments) {
  LegacySites sites;
  if (arguments.has("--allow")) sites.origins = origins_of(arguments, "--allow");
  if (arguments.has("--page-pins")) sites.page_pins = origins_of(arguments, "--page-pins");
  return sites;
}

// The browsers' databases: mail programs open no such site.
std::vector<NssDatabase> browser_databases() {
  auto databases = nss_databases();
  std::erase_if(databases, [](const auto& database) { return database.program == "Thunderbird"; });
  return databases;
}

std::string text_if_there(const path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? std::string(as_text(read_file(file, max_pem_file))) : std::string();
}

State write_certificate(const Files& files) {
  const auto now = std::time(nullptr);
  if (is_usable({text_if_there(files.chain), text_if_there(files.authority), text_if_there(files.key)}, now))
    return State::AlreadyRegistered;
  const auto made = issue_legacy_certificate(now);
  make_folder(files.folder);
  write_private_file(files.key, as_bytes(made.key));
  write_private_file(files.chain, as_bytes(made.chain));
  write_private_file(files.authority, as_bytes(made.authority));
  return State::Registered;
}

State trust(const Certutil& certutil, const path& database, const path& authority) {
  const auto known = certutil.certificate(database, nickname);
  if (known == text_if_there(authority)) return State::AlreadyRegistered;
  if (known) certutil.remove(database, nickname);
  certutil.trust_for_servers(database, nickname, authority);
  return State::Registered;
}

State distrust(const Certutil& certutil, const path& database) {
  if (!certutil.certificate(database, nickname)) return State::NotRegistered;
  certutil.remove(database, nickname);
  return State::Removed;
}

Place hosts_place(const Context& context, bool add) {
  const HostsFile hosts;
  auto place =
      attempt(context, "hosts", hosts.file(), [&] { return add ? hosts.add(nhiicc_host) : hosts.remove(nhiicc_host); });
  if (place.state == State::NeedsRights)
    place.problem = fmt::format(
        "{}{}",
        Text{add ? "add this line: " : "take out this line: ", add ? "請加入這一行：" : "請移除這一行："}.in(
            context.language),
        HostsFile::line_for(nhiicc_host));
  return place;
}

std::vector<Place> switch_on(const Context& context, LegacyDialect dialect, const LegacySites& sites) {
  const Files files;
  auto settings = LegacySettings::read(files.settings);
  settings.set(dialect, sites);
  std::vector<Place> places;
  // HiPKI is plain HTTP: it needs no certificate, and so nothing is trusted for it.
  if (dialect == LegacyDialect::Nhiicc) {
    places.push_back(attempt(context, "certificate", files.chain, [&] { return write_certificate(files); }));
    if (places.front().state == State::Failed) return places;
    for (const auto& database : browser_databases())
      places.push_back(attempt(context, database.program, database.folder,
                               [&] { return trust(Certutil(), database.folder, files.authority); }));
    places.push_back(hosts_place(context, true));
  }
  places.push_back(attempt(context, "settings", files.settings, [&] {
    make_folder(files.settings.parent_path());
    return settings.write(files.settings) ? State::Registered : State::AlreadyRegistered;
  }));
  return places;
}

std::vector<Place> switch_off(const Context& context) {
  const Files files;
  std::vector<Place> places;
  for (const auto& file : {files.settings, files.key, files.chain, files.authority})
    places.push_back(attempt(context, file == files.settings ? "settings" : "certificate", file,
                             [&file] { return remove_file(file); }));
  std::error_code ignored;
  std::filesystem::remove(files.folder, ignored); // unless somebody keeps something else in it
  for (const auto& database : browser_databases())
    places.push_back(
        attempt(context, database.program, database.folder, [&] { return distrust(Certutil(), database.folder); }));
  places.push_back(hosts_place(context, false));
  return places;
}

ExitCode run(const Context& context, const Arguments& arguments) {
  const auto& what = arguments.positionals().front();
  std::vector<Place> places;
  if (what == "remove") {
    if (arguments.has("--allow") || arguments.has("--page-pins"))
      throw usage_error("remove takes everything back: no sites are named with it", "remove 會全部還原：不需指定網站");
    places = switch_off(context);
  } else {
    const auto dialect = legacy_dialect_named(what);
    if (dialect != LegacyDialect::Hipki && arguments.has("--page-pins"))
      throw usage_error("--page-pins is for hipki only", "--page-pins 僅適用於 hipki");
    places = switch_on(context, dialect, sites_of(arguments));
  }
  if (context.json)
    print_json({{"places", places_form(places)}});
  else
    print_places(context, places);
  tell(context, Text{"twcard-web and browsers that are running see it after their next start.\n"
                     "With systemd: systemctl --user enable twcard-web.service && systemctl --user restart "
                     "twcard-web.service",
                     "執行中的 twcard-web 與瀏覽器重新啟動後生效。\n"
                     "使用 systemd 時：systemctl --user enable twcard-web.service && systemctl --user restart "
                     "twcard-web.service"}
                    .in(context.language));
  return exit_code_of(places);
}

} // namespace

const Command setup_legacy_command{
    "setup legacy",
    "nhiicc|hipki|remove [--allow ORIGIN]... [--page-pins ORIGIN]...",
    {"let named sites use an old local interface", "讓指定的網站使用舊式本機介面"},
    {"nhiicc: sites written for the health-insurance card's local service. hipki: sites written for the citizen\n"
     "certificate's local sign server. Both are off until this command names the sites that may use them; what they\n"
     "answer is not bound to the site (docs/dialects.md). For nhiicc it makes a certificate for this computer only "
     "and\n"
     "has this user's browsers trust it. Done again it renews what is about to end. remove takes everything back.",
     "nhiicc：為健保卡本機服務撰寫的網站。hipki：為自然人憑證本機簽章服務撰寫的網站。\n兩者預設關閉，僅供此指令所列網站"
     "使用"
     "；其回應不與網站綁定（docs/dialects.md）。\nnhiicc "
     "會製作僅限這台電腦的憑證，並讓這位使用者的瀏覽器信任它。\n重複執"
     "行會更新即將到期的憑證。remove 全部還原。"},
    {{"--allow",
      "ORIGIN",
      {"a site that may use it; the sites named are the whole list", "可使用的網站；所列即為全部"},
      true},
     {"--page-pins",
      "ORIGIN",
      {"hipki: take the PIN from this site's message instead of asking", "hipki：採用這個網站訊息中的 PIN，而不詢問"},
      true}},
    1,
    run};

} // namespace twcard::cli
