#include "cli/legacy/doctor_legacy.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/frame/text.hpp"
#include "cli/legacy/certificate.hpp"
#include "cli/legacy/hosts_file.hpp"
#include "cli/legacy/state.hpp"
#include "cli/system/listening_programs.hpp"

#include <fmt/format.h>

namespace twcard::cli {

namespace {

using Level = LegacyFinding::Level;
using rpc::Language;

constexpr auto set_up_again = "twcard setup legacy nhiicc";

std::vector<std::uint16_t> ports_of(LegacyDialect dialect) {
  if (dialect == LegacyDialect::Hipki) return {61161};
  return {7777, 59001, 59002};
}

// One text of both, with what belongs into it.
template <typename... Args>
std::string said(Language language, Text text, const Args&... args) {
  return fmt::format(fmt::runtime(text.in(language)), args...);
}

LegacyFinding interface_finding(LegacyDialect dialect, const LegacySettings& settings, Language language) {
  const auto name = std::string(name_of(dialect));
  LegacyFinding finding{Level::Fine, "interface", name, "off", {}, {}};
  finding.text = said(language, {"old interface {}: off", "舊式介面 {}：未開啟"}, name);
  if (!settings.has(dialect)) return finding;
  finding.state = "on";
  finding.text = said(language, {"old interface {}: on, for {}", "舊式介面 {}：已開啟，供 {} 使用"}, name,
                      escaped(fmt::format("{}", fmt::join(settings.sites_of(dialect).origins, ", "))));
  return finding;
}

std::string holder_text(const PortHolder& holder, Language language) {
  if (holder.program.empty())
    return said(language, {"another program, perhaps of another user, has it", "已被其他程式占用，可能屬於其他使用者"});
  return said(language, {"another program has it: {} (process {})", "已被其他程式占用：{}（行程 {}）"},
              escaped(holder.program), holder.process);
}

LegacyFinding port_finding(std::uint16_t port, Language language) {
  const auto holder = holder_of(port);
  LegacyFinding finding{Level::Fault, "port", std::to_string(port), {}, {}, {}};
  const auto port_is = [&](std::string_view text) {
    return said(language, {"port {}: {}", "連接埠 {}：{}"}, port, text);
  };
  switch (holder.kind) {
  case PortHolder::Kind::TwcardWeb:
    finding.level = Level::Fine;
    finding.state = "served";
    finding.text = port_is(Text{"twcard-web listens", "twcard-web 正在接聽"}.in(language));
    break;
  case PortHolder::Kind::Nobody:
    finding.state = "closed";
    finding.text = port_is(Text{"nobody listens", "沒有程式接聽"}.in(language));
    finding.repair =
        said(language, {"systemctl --user enable --now twcard-web.service; if it runs already, its log says "
                        "why: journalctl --user -u twcard-web.service",
                        "systemctl --user enable --now twcard-web.service；若已在執行，原因請見記錄："
                        "journalctl --user -u twcard-web.service"});
    break;
  case PortHolder::Kind::Other:
    finding.state = "taken";
    finding.text = port_is(holder_text(holder, language));
    finding.repair = said(language,
                          {"remove that program (an old component?), then: systemctl --user restart "
                           "twcard-web.service. Which one it is: sudo ss -ltnp 'sport = :{}'",
                           "請移除該程式（可能是舊元件），再執行：systemctl --user restart twcard-web.service。"
                           "查詢是哪個程式：sudo ss -ltnp 'sport = :{}'"},
                          port);
    break;
  }
  return finding;
}

LegacyFinding certificate_finding(const std::optional<std::time_t>& end, Language language) {
  LegacyFinding finding{Level::Fault, "certificate", {}, "missing", {}, set_up_again};
  if (!end) {
    finding.text = said(language, {"certificate: none that can be used", "憑證：沒有可用的憑證"});
    return finding;
  }
  const auto days = days_until(*end, std::time(nullptr));
  finding.subject = date_of(*end);
  if (days < 0) {
    finding.state = "ended";
    finding.text = said(language, {"certificate: ended on {}", "憑證：已於 {} 到期"}, finding.subject);
    return finding;
  }
  const bool ends_soon = days < days_of_renewal;
  finding.level = ends_soon ? Level::Advice : Level::Fine;
  finding.state = ends_soon ? "ends_soon" : "valid";
  finding.text =
      said(language, {"certificate: until {}, {} days left", "憑證：至 {}，剩 {} 天"}, finding.subject, days);
  if (!ends_soon) finding.repair.clear();
  return finding;
}

LegacyFinding browser_finding(const BrowserTrust& browser, Language language) {
  const auto folder = browser.database.folder.string();
  LegacyFinding finding{Level::Fine, "browser", folder, "trusted", {}, {}};
  finding.text = said(language, {"{} ({}): trusts the certificate", "{}（{}）：信任憑證"}, browser.database.program,
                      escaped(folder));
  if (browser.trusts) return finding;
  finding.level = Level::Fault;
  finding.state = "not_trusted";
  finding.text = said(language, {"{} ({}): does not trust the certificate", "{}（{}）：不信任憑證"},
                      browser.database.program, escaped(folder));
  finding.repair = said(language, {"{}, then start the browser again", "{}，再重新啟動瀏覽器"}, set_up_again);
  return finding;
}

LegacyFinding hosts_finding(bool has_name, Language language) {
  LegacyFinding finding{Level::Fine, "hosts", std::string(nhiicc_host), "present", {}, {}};
  finding.text = said(language, {"hosts file: {} points to this computer", "hosts 檔：{} 指向這台電腦"}, nhiicc_host);
  if (has_name) return finding;
  finding.level = Level::Fault;
  finding.state = "missing";
  finding.text =
      said(language, {"hosts file: {} does not point to this computer", "hosts 檔：{} 未指向這台電腦"}, nhiicc_host);
  finding.repair = HostsFile().command_to_add(nhiicc_host);
  return finding;
}

LegacyFinding profile_finding(bool has_profile, Language language) {
  LegacyFinding finding{Level::Fine, "card_profile", "nhi", "present", {}, {}};
  finding.text = said(language, {"card profile of kind nhi: installed", "nhi 類的卡片設定檔：已安裝"});
  if (has_profile) return finding;
  finding.level = Level::Advice;
  finding.state = "missing";
  finding.text = said(language, {"card profile of kind nhi: none; SignHC (H_Sign) and EncryptPwd (EnCrypt) need one",
                                 "nhi 類的卡片設定檔：沒有；SignHC（H_Sign）與 EncryptPwd（EnCrypt）需要"});
  finding.repair = said(language, {"see docs/card-profiles.md, docs/nhi-authentication.md",
                                   "請見 docs/card-profiles.md、docs/nhi-authentication.md"});
  return finding;
}

void add_nhiicc(std::vector<LegacyFinding>& findings, const LegacyFiles& files, Language language) {
  const auto state = nhiicc_state(files);
  findings.push_back(certificate_finding(state.certificate_end, language));
  for (const auto& browser : state.browsers) findings.push_back(browser_finding(browser, language));
  if (state.browsers_unknown)
    findings.push_back({Level::Fault,
                        "browser",
                        {},
                        "unknown",
                        std::string(Text{state.browsers_unknown->what(), state.browsers_unknown->zh()}.in(language)),
                        "sudo apt install libnss3-tools"});
  findings.push_back(hosts_finding(state.has_name, language));
  findings.push_back(profile_finding(state.has_profile, language));
}

} // namespace

std::vector<LegacyFinding> diagnose_legacy(Language language) {
  if (is_under_sudo())
    return {{Level::Advice,
             "settings",
             {},
             "unknown",
             said(language, {"old interfaces: each user's own, and not looked at under sudo",
                             "舊式介面：屬於各使用者，使用 sudo 時不檢查"}),
             said(language, {"run twcard doctor without sudo", "請不要加 sudo 執行 twcard doctor"})}};
  std::vector<LegacyFinding> findings;
  try {
    const LegacyFiles files;
    const auto settings = LegacySettings::read(files.settings);
    for (const auto dialect : legacy_dialects) {
      findings.push_back(interface_finding(dialect, settings, language));
      if (!settings.has(dialect)) continue;
      for (const auto port : ports_of(dialect)) findings.push_back(port_finding(port, language));
      if (dialect == LegacyDialect::Nhiicc) add_nhiicc(findings, files, language);
    }
  } catch (const Failure& failure) {
    findings.push_back(
        {Level::Fault, "settings", {}, "unknown", std::string(Text{failure.what(), failure.zh()}.in(language)), {}});
  }
  return findings;
}

} // namespace twcard::cli
