#include "cli/legacy/list.hpp"

#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/legacy/certificate.hpp"
#include "cli/legacy/state.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

namespace json = boost::json;

bool holds(const std::vector<std::string>& origins, const std::string& origin) {
  return std::ranges::find(origins, origin) != origins.end();
}

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
  if (!state.certificate_end) return std::string(Text{"none that can be used", "沒有可用的憑證"}.in(context.language));
  return fmt::format(fmt::runtime(Text{"until {} ({} days left), {}", "至 {}（剩 {} 天），{}"}.in(context.language)),
                     date_of(*state.certificate_end), days_until(*state.certificate_end, std::time(nullptr)),
                     escaped(files.chain.string()));
}

std::string nhiicc_text(const Context& context, const LegacyFiles& files, const NhiiccState& state) {
  const auto yes_or_no = [&context](bool there, Text yes, Text no) { return (there ? yes : no).in(context.language); };
  auto text = line(context, {"certificate", "憑證"}, certificate_text(context, files, state));
  if (state.browsers_unknown)
    text += line(context, {"browsers", "瀏覽器"},
                 Text{state.browsers_unknown->what(), state.browsers_unknown->zh()}.in(context.language));
  for (const auto& [database, trusts] : state.browsers)
    text += line(context, {"browser", "瀏覽器"},
                 fmt::format("{} {}: {}", database.program, escaped(database.folder.string()),
                             yes_or_no(trusts, {"trusts it", "信任此憑證"}, {"does not trust it", "不信任此憑證"})));
  text += line(context, {"hosts file", "hosts 檔"},
               fmt::format("{}: {}", nhiicc_host,
                           yes_or_no(state.has_name, {"points to this computer", "指向這台電腦"},
                                     {"does not point to this computer", "未指向這台電腦"})));
  return text + line(context, {"card profile", "卡片設定檔"},
                     yes_or_no(state.has_profile, {"there is one for the NHI card", "已有健保卡的設定檔"},
                               {"none for the NHI card", "沒有健保卡的設定檔"}));
}

} // namespace

json::object sites_form(const LegacySites& sites) {
  json::object form{{"origins", json::array(sites.origins.begin(), sites.origins.end())}};
  if (!sites.page_pins.empty()) form["page_pins"] = json::array(sites.page_pins.begin(), sites.page_pins.end());
  return form;
}

std::string sites_text(const LegacySites& sites, const LegacySites& before, rpc::Language language) {
  std::string text;
  for (const auto& origin : sites.origins) {
    text += "  " + escaped(origin);
    if (!holds(before.origins, origin)) text += Text{" (new)", "（新增）"}.in(language);
    if (holds(sites.page_pins, origin))
      text += Text{" (the PIN of its page is used)", "（採用其網頁的 PIN）"}.in(language);
    text += "\n";
  }
  return text;
}

ExitCode list_legacy(const Context& context) {
  const LegacyFiles files;
  const auto settings = LegacySettings::read(files.settings);
  json::object form;
  std::string text;
  for (const auto dialect : legacy_dialects) {
    const bool on = settings.has(dialect);
    const auto sites = settings.sites_of(dialect);
    auto member = sites_form(sites);
    member["on"] = on;
    text += fmt::format(
        "{}: {}\n", name_of(dialect),
        (on ? Text{"on, for these sites:", "已開啟，供下列網站使用："} : Text{"off", "未開啟"}).in(context.language));
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
  if (settings.empty())
    tell(context, Text{"To switch one on: twcard setup legacy nhiicc --allow https://site.example",
                       "開啟：twcard setup legacy nhiicc --allow https://site.example"}
                      .in(context.language));
  return ExitCode::Ok;
}

} // namespace twcard::cli
