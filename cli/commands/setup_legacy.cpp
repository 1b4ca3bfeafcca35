#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/legacy/certificate.hpp"
#include "cli/legacy/hosts_file.hpp"
#include "cli/legacy/list.hpp"
#include "cli/legacy/state.hpp"
#include "cli/system/card_profiles.hpp"
#include "cli/system/files.hpp"
#include "cli/system/setup_places.hpp"
#include "rpc/web_origin.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

using std::filesystem::path;

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

LegacyChange change_of(const Arguments& arguments, LegacyDialect dialect) {
  const bool page_pins = arguments.has("--page-pins");
  const bool no_page_pins = arguments.has("--no-page-pins");
  if (dialect != LegacyDialect::Hipki && (page_pins || no_page_pins))
    throw usage_error("--page-pins and --no-page-pins are for hipki only",
                      "--page-pins 與 --no-page-pins 僅適用於 hipki");
  if (page_pins && no_page_pins)
    throw usage_error("--page-pins or --no-page-pins, not both", "--page-pins 與 --no-page-pins 只能擇一");
  LegacyChange change;
  if (arguments.has("--allow")) change.origins = origins_of(arguments, "--allow");
  if (page_pins || no_page_pins) change.page_pins = origins_of(arguments, "--page-pins");
  return change;
}

State write_certificate(const LegacyFiles& files) {
  const auto now = std::time(nullptr);
  if (is_usable({pem_in(files.chain), pem_in(files.authority), pem_in(files.key)}, now))
    return State::AlreadyRegistered;
  const auto made = issue_legacy_certificate(now);
  make_folder(files.folder);
  write_private_file(files.key, as_bytes(made.key));
  write_private_file(files.chain, as_bytes(made.chain));
  write_private_file(files.authority, as_bytes(made.authority));
  return State::Registered;
}

State trust(const Certutil& certutil, const path& database, const path& authority) {
  const auto known = certutil.certificate(database, authority_nickname);
  if (known == pem_in(authority)) return State::AlreadyRegistered;
  if (known) certutil.remove(database, authority_nickname);
  certutil.trust_for_servers(database, authority_nickname, authority);
  return State::Registered;
}

State distrust(const Certutil& certutil, const path& database) {
  if (!certutil.certificate(database, authority_nickname)) return State::NotRegistered;
  certutil.remove(database, authority_nickname);
  return State::Removed;
}

Place hosts_place(const Context& context, bool add) {
  const HostsFile hosts;
  auto place =
      attempt(context, "hosts", hosts.file(), [&] { return add ? hosts.add(nhiicc_host) : hosts.remove(nhiicc_host); });
  if (place.state != State::NeedsRights) return place;
  place.problem = (add ? Text{"this command adds the line that is missing:", "請執行此指令，加入所缺的一行："}
                       : Text{"this command takes the line out:", "請執行此指令，移除該行："})
                      .in(context.language);
  place.command = add ? hosts.command_to_add(nhiicc_host) : hosts.command_to_remove(nhiicc_host);
  return place;
}

Place settings_place(const Context& context, const LegacyFiles& files, const LegacySettings& settings) {
  return attempt(context, "settings", files.settings, [&] {
    make_folder(files.settings.parent_path());
    return settings.write(files.settings) ? State::Registered : State::AlreadyRegistered;
  });
}

std::vector<Place> put_in_place(const Context& context, LegacyDialect dialect, const LegacySettings& settings) {
  const LegacyFiles files;
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
  places.push_back(settings_place(context, files, settings));
  return places;
}

// What a person who allows sites wants to see: all of them, and those that the new list left out.
void print_change(const Context& context, LegacyDialect dialect, const LegacySites& before, const LegacySites& now) {
  const auto language = context.language;
  print(fmt::format(fmt::runtime(Text{"{} may be used by:\n", "可使用 {} 的網站：\n"}.in(language)), name_of(dialect)) +
        sites_text(now, before, language));
  std::string dropped;
  for (const auto& origin : before.origins)
    if (std::ranges::find(now.origins, origin) == now.origins.end()) dropped += "  " + escaped(origin) + "\n";
  if (dropped.empty()) return;
  print(
      std::string(Text{"and no longer by (--allow names the whole list):\n", "不再允許（--allow 所列即為全部）：\n"}.in(
          language)) +
      dropped);
}

void tell_what_is_next(const Context& context, LegacyDialect dialect) {
  const bool nhiicc = dialect == LegacyDialect::Nhiicc;
  if (nhiicc && !has_card_profile("nhi"))
    tell(context,
         Text{"SignHC (H_Sign) and EncryptPwd (EnCrypt) need a card profile of kind nhi, and none is installed:\n"
              "docs/card-profiles.md, docs/nhi-authentication.md. The other commands work without it.",
              "SignHC（H_Sign）與 EncryptPwd（EnCrypt）需要 nhi 類的卡片設定檔，目前沒有安裝：\n"
              "docs/card-profiles.md、docs/nhi-authentication.md。其他指令不需要。"}
             .in(context.language));
  if (nhiicc)
    tell(context, Text{"Browsers that are running trust the certificate after their next start.",
                       "執行中的瀏覽器重新啟動後才會信任憑證。"}
                      .in(context.language));
  tell(context, Text{"twcard-web has to run. With systemd: systemctl --user enable --now twcard-web.service",
                     "twcard-web 必須執行中。使用 systemd 時：systemctl --user enable --now twcard-web.service"}
                    .in(context.language));
}

ExitCode switch_on(const Context& context, const Arguments& arguments) {
  const auto dialect = legacy_dialect_named(arguments.positionals().front());
  if (arguments.positionals().size() > 1) throw usage_error("one interface at a time", "一次只能指定一個介面");
  auto settings = LegacySettings::read(LegacyFiles().settings);
  const auto before = settings.sites_of(dialect);
  settings.set(dialect, change_of(arguments, dialect));
  const auto now = settings.sites_of(dialect);
  const auto places = put_in_place(context, dialect, settings);
  if (context.json) {
    print_json({{"places", places_form(places)}, {"before", sites_form(before)}, {"now", sites_form(now)}});
  } else {
    print_places(context, places);
    // The settings are written last.
    if (places.back().program == "settings" && places.back().state != State::Failed)
      print_change(context, dialect, before, now);
  }
  tell_what_is_next(context, dialect);
  return exit_code_of(places);
}

void take_back_nhiicc(const Context& context, const LegacyFiles& files, std::vector<Place>& places) {
  for (const auto& file : {files.key, files.chain, files.authority})
    places.push_back(attempt(context, "certificate", file, [&file] { return remove_file(file); }));
  std::error_code ignored;
  std::filesystem::remove(files.folder, ignored); // unless somebody keeps something else in it
  for (const auto& database : browser_databases())
    places.push_back(
        attempt(context, database.program, database.folder, [&] { return distrust(Certutil(), database.folder); }));
  places.push_back(hosts_place(context, false));
}

// Without a dialect both; then it does not matter what the settings hold.
Place settings_without(const Context& context, const LegacyFiles& files, std::optional<LegacyDialect> dialect) {
  return attempt(context, "settings", files.settings, [&] {
    auto settings = dialect ? LegacySettings::read(files.settings) : LegacySettings();
    if (dialect && !settings.has(*dialect)) return State::NotRegistered;
    if (dialect) settings.remove(*dialect);
    if (settings.empty()) return remove_file(files.settings);
    (void)settings.write(files.settings);
    return State::Removed;
  });
}

ExitCode take_back(const Context& context, const Arguments& arguments) {
  for (const auto* option : {"--allow", "--page-pins", "--no-page-pins"})
    if (arguments.has(option))
      throw usage_error(fmt::format("remove takes an interface back for every site: {} does not go with it", option),
                        fmt::format("remove 會對所有網站還原：不可同時使用 {}", option));
  std::optional<LegacyDialect> dialect;
  if (arguments.positionals().size() > 1) dialect = legacy_dialect_named(arguments.positionals().back());
  const LegacyFiles files;
  std::vector<Place> places{settings_without(context, files, dialect)};
  const bool nhiicc = dialect != LegacyDialect::Hipki;
  if (nhiicc) take_back_nhiicc(context, files, places);
  if (context.json)
    print_json({{"places", places_form(places)}});
  else
    print_places(context, places);
  if (nhiicc)
    tell(context, Text{"Browsers that are running trust the certificate until their next start.",
                       "執行中的瀏覽器在重新啟動前仍會信任憑證。"}
                      .in(context.language));
  return exit_code_of(places);
}

ExitCode run(const Context& context, const Arguments& arguments) {
  refuse_sudo();
  const auto& words = arguments.positionals();
  if (!words.empty()) return words.front() == "remove" ? take_back(context, arguments) : switch_on(context, arguments);
  if (arguments.has("--allow") || arguments.has("--page-pins") || arguments.has("--no-page-pins"))
    throw usage_error("which interface? nhiicc or hipki", "要設定哪個介面？nhiicc 或 hipki");
  return list_legacy(context);
}

} // namespace

const Command setup_legacy_command{
    "setup legacy",
    "[nhiicc|hipki [--allow ORIGIN]... [--page-pins ORIGIN]...] | [remove [nhiicc|hipki]]",
    {"let named sites use an old local interface", "讓指定的網站使用舊式本機介面"},
    {"nhiicc: sites written for the health-insurance card's local service. hipki: sites written for the citizen\n"
     "certificate's local sign server. Both are off until this command names the sites that may use them; what they\n"
     "answer is not bound to the site (docs/dialects/threats.md). For nhiicc it makes a certificate for this computer "
     "only "
     "and\n"
     "has this user's browsers trust it. Done again it renews what is about to end. remove takes one of them, or "
     "both,\n"
     "back. Without an interface: lists what is on, for which sites, and the certificate. Not for sudo: what needs an\n"
     "administrator is given as a command to copy.",
     "nhiicc：為健保卡本機服務撰寫的網站。hipki：為自然人憑證本機簽章服務撰寫的網站。\n兩者預設關閉，僅供此指令所列網站"
     "使用；其回應不與網站綁定（docs/dialects/threats.md）。\nnhiicc "
     "會製作僅限這台電腦的憑證，並讓這位使用者的瀏覽器信任它。\n"
     "重複執行會更新即將到期的憑證。remove 還原其中之一或全部。\n未指定介面時，列出已開啟的介面、允許的網站與憑證。\n"
     "請勿使用 sudo：需要系統管理員的部分會列出可複製的指令。"},
    {{"--allow",
      "ORIGIN",
      {"a site that may use it; the sites named are the whole list", "可使用的網站；所列即為全部"},
      true},
     {"--page-pins",
      "ORIGIN",
      {"hipki: take the PIN from this site's message instead of asking", "hipki：採用這個網站訊息中的 PIN，而不詢問"},
      true},
     {"--no-page-pins", "", {"hipki: ask for the PIN at every site again", "hipki：所有網站都恢復詢問 PIN"}}},
    0,
    run,
    2};

} // namespace twcard::cli
