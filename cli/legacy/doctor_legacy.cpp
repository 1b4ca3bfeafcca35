#include "cli/legacy/doctor_legacy.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/legacy/certificate.hpp"
#include "cli/legacy/hosts_file.hpp"
#include "cli/legacy/state.hpp"
#include "cli/system/listening_programs.hpp"
#include "cli/texts/doctor.hpp"
#include "cli/texts/setup.hpp"

#include <fmt/format.h>

namespace twcard::cli {

namespace {

using Level = Finding::Level;

constexpr auto set_up_again = "twcard setup legacy nhiicc";

std::string said(Text text, Language language) {
  return std::string(text.in(language));
}

boost::json::object form(std::string_view check, std::string_view subject, std::string_view state) {
  return {{"check", check}, {"subject", subject}, {"state", state}};
}

Finding interface_finding(LegacyDialect dialect, const LegacySettings& settings, Language language) {
  const auto name = name_of(dialect);
  const auto subject = texts::doctor::interface.in(language, name);
  const auto& on = settings.of(dialect);
  if (!on) return {Level::Fine, subject, said(texts::legacy::off, language), {}, form("interface", name, "off")};
  const auto sites = escaped(fmt::format("{}", fmt::join(on->origins, ", ")));
  return {Level::Fine, subject, texts::doctor::on_for.in(language, sites), {}, form("interface", name, "on")};
}

Finding port_finding(std::uint16_t port, Language language) {
  const auto holder = holder_of(port);
  const auto subject = texts::doctor::port.in(language, port);
  const auto of_state = [&](std::string_view state) { return form("port", std::to_string(port), state); };
  switch (holder.kind) {
  case PortHolder::Kind::TwcardWeb:
    return {Level::Fine, subject, said(texts::doctor::served, language), {}, of_state("served")};
  case PortHolder::Kind::Nobody:
    return {Level::Fault, subject, said(texts::doctor::closed, language), said(texts::doctor::start_web, language),
            of_state("closed")};
  case PortHolder::Kind::Other: break;
  }
  return {Level::Fault, subject,
          holder.program.empty() ? said(texts::doctor::taken, language)
                                 : texts::doctor::taken_by.in(language, escaped(holder.program), holder.process),
          texts::doctor::free_port.in(language, port), of_state("taken")};
}

Finding certificate_finding(const std::optional<std::time_t>& end, Language language) {
  const auto subject = said(texts::legacy::certificate, language);
  if (!end)
    return {Level::Fault, subject, said(texts::legacy::no_certificate, language), set_up_again,
            form("certificate", "", "missing")};
  const auto days = days_until(*end, std::time(nullptr));
  const auto date = date_of(*end);
  if (days < 0)
    return {Level::Fault, subject, texts::doctor::expired.in(language, date), set_up_again,
            form("certificate", date, "ended")};
  const auto text = texts::doctor::valid_until.in(language, date, days);
  if (days < days_of_renewal)
    return {Level::Advice, subject, text, set_up_again, form("certificate", date, "ends_soon")};
  return {Level::Fine, subject, text, {}, form("certificate", date, "valid")};
}

Finding browser_finding(const BrowserTrust& browser, Language language) {
  const auto folder = browser.database.folder.string();
  const auto subject = texts::doctor::browser.in(language, browser.database.program, escaped(folder));
  if (browser.trusts)
    return {Level::Fine, subject, said(texts::legacy::trusts, language), {}, form("browser", folder, "trusted")};
  return {Level::Fault, subject, said(texts::legacy::does_not_trust, language),
          texts::doctor::then_restart_browser.in(language, set_up_again), form("browser", folder, "not_trusted")};
}

Finding hosts_finding(bool has_name, Language language) {
  const auto subject = said(texts::legacy::hosts_file, language);
  if (has_name)
    return {Level::Fine,
            subject,
            texts::legacy::points_here.in(language, rpc::nhiicc_host),
            {},
            form("hosts", rpc::nhiicc_host, "present")};
  return {Level::Fault, subject, texts::legacy::does_not_point_here.in(language, rpc::nhiicc_host),
          HostsFile().command_to_add(rpc::nhiicc_host), form("hosts", rpc::nhiicc_host, "missing")};
}

Finding profile_finding(bool has_profile, Language language) {
  const auto subject = said(texts::doctor::nhi_profile, language);
  if (has_profile)
    return {Level::Fine, subject, said(texts::doctor::installed, language), {}, form("card_profile", "nhi", "present")};
  return {Level::Advice, subject, said(texts::doctor::nhi_profile_missing, language),
          said(texts::doctor::read_about_profiles, language), form("card_profile", "nhi", "missing")};
}

void add_nhiicc(std::vector<Finding>& findings, const LegacyFiles& files, Language language) {
  const auto state = nhiicc_state(files);
  findings.push_back(certificate_finding(state.certificate_end, language));
  for (const auto& browser : state.browsers) findings.push_back(browser_finding(browser, language));
  if (state.browsers_unknown)
    findings.push_back({Level::Fault, said(texts::legacy::browsers, language), state.browsers_unknown->in(language),
                        "sudo apt install libnss3-tools", form("browser", "", "unknown")});
  findings.push_back(hosts_finding(state.has_name, language));
  findings.push_back(profile_finding(state.has_profile, language));
}

} // namespace

std::vector<Finding> diagnose_legacy(Language language) {
  const auto all = said(texts::doctor::interfaces, language);
  const auto unknown = form("settings", "", "unknown");
  if (is_under_sudo())
    return {{Level::Advice, all, said(texts::doctor::not_under_sudo, language),
             said(texts::doctor::run_without_sudo, language), unknown}};
  std::vector<Finding> findings;
  try {
    const LegacyFiles files;
    const auto settings = read_legacy_settings(files.settings);
    for (const auto dialect : rpc::legacy_dialects) {
      findings.push_back(interface_finding(dialect, settings, language));
      if (!settings.of(dialect)) continue;
      for (const auto port : ports_of(dialect)) findings.push_back(port_finding(port, language));
      if (dialect == LegacyDialect::Nhiicc) add_nhiicc(findings, files, language);
    }
  } catch (const Failure& failure) {
    findings.push_back({Level::Fault, all, failure.in(language), {}, unknown});
  }
  return findings;
}

} // namespace twcard::cli
