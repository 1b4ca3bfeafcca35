#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/legacy/doctor_legacy.hpp"
#include "cli/system/doctor_readers.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

std::string_view code_of(ReaderState state) {
  switch (state) {
  case ReaderState::Ready: return "ready";
  case ReaderState::NoDriver: return "no_driver";
  case ReaderState::SeveralDrivers: return "several_drivers";
  case ReaderState::UnusableDriver: return "unusable_driver";
  case ReaderState::NoRights: return "no_rights";
  }
  return "";
}

Text finding(ReaderState state) {
  switch (state) {
  case ReaderState::Ready: return {"a driver is installed", "已安裝驅動程式"};
  case ReaderState::NoDriver: return {"no driver is installed", "沒有驅動程式"};
  case ReaderState::SeveralDrivers:
    return {"more than one driver wants it; the vendor's old one may be in the way",
            "有多個驅動程式爭用，可能是廠商的舊驅動程式"};
  case ReaderState::UnusableDriver:
    return {"its driver cannot run here: the library is missing or made for another processor",
            "驅動程式無法在此執行：缺少程式庫，或是為其他處理器製作"};
  case ReaderState::NoRights:
    return {"a driver is installed; you yourself may not open the reader, and pcscd may refuse you",
            "已安裝驅動程式；您本人無權直接開啟讀卡機，pcscd 也可能拒絕您"};
  }
  return {};
}

std::string install_advice(std::string_view driver, rpc::Language language) {
  if (driver == "ifd-ez100pu")
    return std::string(
        Text{"install ifd-ez100pu.bundle, a part of twcard", "請安裝 twcard 的 ifd-ez100pu.bundle"}.in(language));
  return fmt::format("sudo apt install {}", driver == "libacsccid" ? "libacsccid1" : "libccid");
}

std::string repair(const ReaderDiagnosis& diagnosis, rpc::Language language) {
  const std::string& usual = diagnosis.reader.usual_driver;
  switch (diagnosis.state) {
  case ReaderState::Ready: return {};
  case ReaderState::NoDriver: return install_advice(usual, language);
  case ReaderState::SeveralDrivers:
    return fmt::format(fmt::runtime(Text{"keep one of {} in /usr/lib/pcsc/drivers and restart pcscd",
                                         "請在 /usr/lib/pcsc/drivers 保留 {} 其中之一，再重新啟動 pcscd"}
                                        .in(language)),
                       fmt::join(diagnosis.bundles, ", "));
  case ReaderState::UnusableDriver:
    return fmt::format(fmt::runtime(Text{"remove {} from /usr/lib/pcsc/drivers, restart pcscd; {}",
                                         "請從 /usr/lib/pcsc/drivers 移除 {} 並重新啟動 pcscd；{}"}
                                        .in(language)),
                       diagnosis.bundles.front(), install_advice(usual, language));
  case ReaderState::NoRights:
    return std::string(Text{"log in at this computer's own seat, or join the group twcard-readers",
                            "請在本機登入，或加入 twcard-readers 群組"}
                           .in(language));
  }
  return {};
}

bool in_order(const ReaderDiagnosis& diagnosis) {
  return diagnosis.state == ReaderState::Ready || diagnosis.state == ReaderState::NoRights;
}

boost::json::object as_json(const ReaderDiagnosis& diagnosis) {
  boost::json::array bundles;
  for (const std::string& bundle : diagnosis.bundles) bundles.emplace_back(bundle);
  return {{"name", diagnosis.reader.name},
          {"usb", fmt::format("{:04x}:{:04x}", diagnosis.reader.vendor, diagnosis.reader.product)},
          {"state", code_of(diagnosis.state)},
          {"drivers", std::move(bundles)},
          {"repair", repair(diagnosis, rpc::Language::English)}};
}

std::string_view code_of(LegacyFinding::Level level) {
  switch (level) {
  case LegacyFinding::Level::Fine: return "fine";
  case LegacyFinding::Level::Advice: return "advice";
  case LegacyFinding::Level::Fault: return "fault";
  }
  return "";
}

std::string_view mark_of(LegacyFinding::Level level) {
  switch (level) {
  case LegacyFinding::Level::Fine: return "✓";
  case LegacyFinding::Level::Advice: return "!";
  case LegacyFinding::Level::Fault: return "✗";
  }
  return "";
}

bool is_fault(const LegacyFinding& finding) {
  return finding.level == LegacyFinding::Level::Fault;
}

boost::json::object as_json(const LegacyFinding& finding) {
  return {{"check", finding.check},
          {"subject", finding.subject},
          {"state", finding.state},
          {"level", code_of(finding.level)},
          {"repair", finding.repair}};
}

std::string row(std::string_view mark, std::string_view text, const std::string& advice) {
  auto lines = fmt::format("{} {}\n", mark, text);
  if (!advice.empty()) lines += fmt::format("  → {}\n", escaped(advice));
  return lines;
}

void print_rows(const Context& context, const std::vector<ReaderDiagnosis>& readers,
                const std::vector<LegacyFinding>& legacy) {
  std::string text;
  for (const auto& diagnosis : readers)
    text += row(in_order(diagnosis) ? "✓" : "✗",
                fmt::format("{} ({:04x}:{:04x}): {}", escaped(diagnosis.reader.name), diagnosis.reader.vendor,
                            diagnosis.reader.product, finding(diagnosis.state).in(context.language)),
                repair(diagnosis, context.language));
  if (readers.empty()) text += row("✗", Text{"no reader is plugged in", "沒有接上讀卡機"}.in(context.language), {});
  for (const auto& found : legacy) text += row(mark_of(found.level), found.text, found.repair);
  print(text);
}

void print_rows_as_json(const std::vector<ReaderDiagnosis>& readers, const std::vector<LegacyFinding>& legacy) {
  boost::json::array reader_rows;
  for (const auto& diagnosis : readers) reader_rows.push_back(as_json(diagnosis));
  boost::json::array legacy_rows;
  for (const auto& found : legacy) legacy_rows.push_back(as_json(found));
  print_json({{"readers", std::move(reader_rows)}, {"legacy", std::move(legacy_rows)}});
}

ExitCode run(const Context& context, const Arguments&) {
  const auto readers = diagnose_readers({});
  const auto legacy = diagnose_legacy(context.json ? rpc::Language::English : context.language);
  if (context.json)
    print_rows_as_json(readers, legacy);
  else
    print_rows(context, readers, legacy);
  if (readers.empty()) return ExitCode::NoCard;
  const bool fine = std::ranges::all_of(readers, in_order) && std::ranges::none_of(legacy, is_fault);
  return fine ? ExitCode::Ok : ExitCode::Failed;
}

} // namespace

const Command doctor_command{
    "doctor",
    "",
    {"what stands between you and your reader, or a site", "檢查讀卡機、驅動程式、權限與舊式介面"},
    {"Looks at the readers on the USB, their drivers and your rights, and at the old local interfaces that are on\n"
     "(twcard setup legacy): ports, certificate, browsers, hosts file, card profile. Says what to do. Needs no "
     "service\n"
     "and changes nothing.",
     "檢查 USB 上的讀卡機、驅動程式與權限，以及已開啟的舊式介面（twcard setup legacy）：\n連接埠、憑證、瀏覽器、hosts "
     "檔與卡片設定檔，並說明如何修正。不需要服務，也不會變更任何設定。"},
    {},
    0,
    run};

} // namespace twcard::cli
