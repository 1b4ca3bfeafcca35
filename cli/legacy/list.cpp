#include "cli/legacy/list.hpp"

#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/legacy/certificate.hpp"
#include "cli/legacy/state.hpp"
#include "cli/texts/program.hpp"
#include "cli/texts/setup.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

namespace json = boost::json;

json::object nhiicc_form(const LegacyFiles& files, const NhiiccState& state) {
  json::object form{{"certificate", nullptr}, {"hosts", state.has_name}, {"profile", state.has_profile}};
  if (state.certificate_end)
    form["certificate"] = {{"path", files.chain.string()},
                           {"not_after", date_of(*state.certificate_end)},
                           {"days_left", days_until(*state.certificate_end, std::time(nullptr))}};
  if (state.browsers_unknown) return form;
  json::array browsers;
  for (const auto& [database, trusts] : state.browsers)
    browsers.push_back({{"program", database.program}, {"path", database.folder.string()}, {"trusts", trusts}});
  form["browsers"] = std::move(browsers);
  return form;
}

std::string line(const Context& context, Text label, std::string_view text) {
  return fmt::format("  {}{}\n", padded(label.in(context.language), 13), text);
}

std::string certificate_text(const Context& context, const LegacyFiles& files, const NhiiccState& state) {
  if (!state.certificate_end) return std::string(texts::legacy::no_certificate.in(context.language));
  return texts::legacy::certificate_until.in(context.language, date_of(*state.certificate_end),
                                             days_until(*state.certificate_end, std::time(nullptr)),
                                             escaped(files.chain.string()));
}

std::string nhiicc_text(const Context& context, const LegacyFiles& files, const NhiiccState& state) {
  const auto language = context.language;
  auto text = line(context, texts::legacy::certificate, certificate_text(context, files, state));
  if (state.browsers_unknown) text += line(context, texts::legacy::browsers, state.browsers_unknown->in(language));
  for (const auto& [database, trusts] : state.browsers)
    text += line(context, texts::legacy::browser,
                 fmt::format("{} {}: {}", database.program, escaped(database.folder.string()),
                             (trusts ? texts::legacy::trusts : texts::legacy::does_not_trust).in(language)));
  const auto& points = state.has_name ? texts::legacy::points_here : texts::legacy::does_not_point_here;
  text += line(context, texts::legacy::hosts_file, points.in(language, rpc::nhiicc_host));
  return text + line(context, texts::legacy::card_profile,
                     (state.has_profile ? texts::legacy::has_profile : texts::legacy::has_no_profile).in(language));
}

} // namespace

json::object sites_form(const LegacySites& sites) {
  json::object form{{"origins", json::array(sites.origins.begin(), sites.origins.end())}};
  if (!sites.page_pins.empty()) form["page_pins"] = json::array(sites.page_pins.begin(), sites.page_pins.end());
  return form;
}

std::string sites_text(const LegacySites& sites, const LegacySites& before, Language language) {
  std::string text;
  for (const auto& origin : sites.origins) {
    text += "  " + escaped(origin);
    if (!before.allows(origin)) text += texts::legacy::new_site.in(language);
    if (sites.takes_page_pin(origin)) text += texts::legacy::with_page_pins.in(language);
    text += "\n";
  }
  return text;
}

ExitCode list_legacy(const Context& context) {
  const LegacyFiles files;
  const auto settings = read_legacy_settings(files.settings);
  json::object form;
  std::string text;
  for (const auto dialect : rpc::legacy_dialects) {
    const bool on = settings.of(dialect).has_value();
    const auto sites = settings.of(dialect).value_or(LegacySites());
    auto member = sites_form(sites);
    member["on"] = on;
    const auto state_text = (on ? texts::legacy::on_for_these_sites : texts::legacy::off).in(context.language);
    text += texts::about.in(context.language, name_of(dialect), state_text) + "\n";
    text += sites_text(sites, sites, context.language);
    if (on && dialect == LegacyDialect::Nhiicc) {
      const auto state = nhiicc_state(files);
      for (auto& [name, value] : nhiicc_form(files, state)) member[name] = std::move(value);
      text += nhiicc_text(context, files, state);
    }
    form[name_of(dialect)] = std::move(member);
  }
  if (context.json)
    print_json(form);
  else
    print(text);
  if (!settings.nhiicc && !settings.hipki) tell(context, texts::legacy::how_to_switch_on);
  return ExitCode::Ok;
}

} // namespace twcard::cli
