#include "cli/texts/doctor.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/legacy/doctor_legacy.hpp"
#include "cli/system/doctor_readers.hpp"
#include "cli/texts/program.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

struct LevelForms {
  std::string_view code;
  std::string_view mark;
};

LevelForms forms_of(Finding::Level level) {
  switch (level) {
  case Finding::Level::Fine: return {"fine", "✓"};
  case Finding::Level::Advice: return {"advice", "!"};
  case Finding::Level::Fault: return {"fault", "✗"};
  }
  return {};
}

std::string row(const Finding& finding, Language language) {
  const auto text = finding.subject.empty() ? finding.text : texts::about.in(language, finding.subject, finding.text);
  auto lines = fmt::format("{} {}\n", forms_of(finding.level).mark, text);
  if (!finding.advice.empty()) lines += fmt::format("  → {}\n", escaped(finding.advice));
  return lines;
}

boost::json::array as_json(const std::vector<Finding>& findings) {
  boost::json::array rows;
  for (const auto& finding : findings) {
    auto form = finding.form;
    form["level"] = forms_of(finding.level).code;
    form["repair"] = finding.advice;
    rows.push_back(std::move(form));
  }
  return rows;
}

bool is_fault(const Finding& finding) {
  return finding.level == Finding::Level::Fault;
}

ExitCode run(const Context& context, const Arguments&) {
  const auto language = context.json ? Language::English : context.language;
  std::vector<Finding> readers;
  for (const auto& diagnosis : diagnose_readers({})) readers.push_back(finding_of(diagnosis, language));
  const auto legacy = diagnose_legacy(language);
  if (context.json) {
    print_json({{"readers", as_json(readers)}, {"legacy", as_json(legacy)}});
  } else {
    std::string text;
    for (const auto& finding : readers) text += row(finding, language);
    if (readers.empty())
      text += row({Finding::Level::Fault, {}, std::string(texts::doctor::no_reader.in(language)), {}}, language);
    for (const auto& finding : legacy) text += row(finding, language);
    print(text);
  }
  if (readers.empty()) return ExitCode::NoCard;
  return std::ranges::any_of(readers, is_fault) || std::ranges::any_of(legacy, is_fault) ? ExitCode::Failed
                                                                                         : ExitCode::Ok;
}

} // namespace

const Command doctor_command{"doctor", "", texts::doctor::summary, texts::doctor::details, {}, 0, run};

} // namespace twcard::cli
