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
#include "cli/texts/program.hpp"
#include "cli/texts/setup.hpp"
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
    if (!origin) throw usage_error(texts::usage::not_an_origin, fmt::format("{} {}", option, escaped(text)));
    if (std::ranges::find(origins, *origin) == origins.end()) origins.push_back(std::move(*origin));
  }
  return origins;
}

LegacyChange change_of(const Arguments& arguments, LegacyDialect dialect) {
  const bool page_pins = arguments.has("--page-pins");
  const bool no_page_pins = arguments.has("--no-page-pins");
  if (dialect != LegacyDialect::Hipki && (page_pins || no_page_pins))
    throw usage_error(texts::legacy::page_pins_of_hipki);
  if (page_pins && no_page_pins) throw usage_error(texts::legacy::page_pins_or_none);
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
  auto place = attempt(context, "hosts", hosts.file(),
                       [&] { return add ? hosts.add(rpc::nhiicc_host) : hosts.remove(rpc::nhiicc_host); });
  if (place.state != State::NeedsRights) return place;
  place.problem = (add ? texts::legacy::add_line : texts::legacy::remove_line).in(context.language);
  place.command = add ? hosts.command_to_add(rpc::nhiicc_host) : hosts.command_to_remove(rpc::nhiicc_host);
  return place;
}

Place settings_place(const Context& context, const LegacyFiles& files, const LegacySettings& settings) {
  return attempt(context, "settings", files.settings, [&] {
    make_folder(files.settings.parent_path());
    return write_legacy_settings(settings, files.settings) ? State::Registered : State::AlreadyRegistered;
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
  print(texts::legacy::may_be_used_by.in(language, name_of(dialect)) + "\n" + sites_text(now, before, language));
  std::string dropped;
  for (const auto& origin : before.origins)
    if (!now.allows(origin)) dropped += "  " + escaped(origin) + "\n";
  if (dropped.empty()) return;
  print(fmt::format("{}\n{}", texts::legacy::no_longer_by.in(language), dropped));
}

void tell_what_is_next(const Context& context, LegacyDialect dialect) {
  const bool nhiicc = dialect == LegacyDialect::Nhiicc;
  if (nhiicc && !has_card_profile("nhi")) tell(context, texts::legacy::needs_profile);
  if (nhiicc) tell(context, texts::legacy::trusted_after_restart);
  tell(context, texts::legacy::start_web);
}

ExitCode switch_on(const Context& context, const Arguments& arguments) {
  const auto dialect = legacy_dialect_named(arguments.positionals().front());
  if (arguments.positionals().size() > 1) throw usage_error(texts::legacy::one_interface);
  auto settings = read_legacy_settings(LegacyFiles().settings);
  const auto before = settings.of(dialect).value_or(LegacySites());
  change_sites(settings, dialect, change_of(arguments, dialect));
  const auto now = *settings.of(dialect);
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
    auto settings = dialect ? read_legacy_settings(files.settings) : LegacySettings();
    if (dialect && !settings.of(*dialect)) return State::NotRegistered;
    if (dialect) settings.of(*dialect).reset();
    if (!settings.nhiicc && !settings.hipki) return remove_file(files.settings);
    (void)write_legacy_settings(settings, files.settings);
    return State::Removed;
  });
}

ExitCode take_back(const Context& context, const Arguments& arguments) {
  for (const auto* option : {"--allow", "--page-pins", "--no-page-pins"})
    if (arguments.has(option)) throw usage_error(texts::legacy::not_with_remove, option);
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
  if (nhiicc) tell(context, texts::legacy::trusted_until_restart);
  return exit_code_of(places);
}

ExitCode run(const Context& context, const Arguments& arguments) {
  refuse_sudo();
  const auto& words = arguments.positionals();
  if (!words.empty()) return words.front() == "remove" ? take_back(context, arguments) : switch_on(context, arguments);
  if (arguments.has("--allow") || arguments.has("--page-pins") || arguments.has("--no-page-pins"))
    throw usage_error(texts::legacy::which_interface);
  return list_legacy(context);
}

} // namespace

const Command setup_legacy_command{
    "setup legacy",
    "[nhiicc|hipki [--allow ORIGIN]... [--page-pins ORIGIN]...] | [remove [nhiicc|hipki]]",
    texts::legacy::summary,
    texts::legacy::details,
    {{"--allow", "ORIGIN", texts::legacy::allow, true},
     {"--page-pins", "ORIGIN", texts::legacy::page_pins, true},
     {"--no-page-pins", "", texts::legacy::no_page_pins}},
    0,
    run,
    2};

} // namespace twcard::cli
