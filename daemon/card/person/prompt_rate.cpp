#include "daemon/card/person/prompt_rate.hpp"

#include <algorithm>

namespace twcard::service {

namespace {

constexpr int refusals_that_silence = 2;
constexpr std::size_t max_unanswered = 3;

} // namespace

std::size_t PromptRate::Record::lately_unanswered(Time now) const {
  const auto lately = [now](Time at) { return now - at < unanswered_period; };
  return static_cast<std::size_t>(std::ranges::count_if(unanswered, lately));
}

bool PromptRate::may_ask(const std::string& origin, Time now) const {
  const auto found = m_records.find(origin);
  if (found == m_records.end()) return true;
  const auto& record = found->second;
  const bool refused = record.refusals >= refusals_that_silence && now - record.last_refusal < silence;
  return !refused && record.lately_unanswered(now) < max_unanswered;
}

void PromptRate::note(const std::string& origin, PromptOutcome outcome, Time now) {
  forget_old(now);
  if (outcome == PromptOutcome::Agreed) {
    m_records.erase(origin);
    return;
  }
  auto& record = m_records[origin];
  if (outcome == PromptOutcome::Refused) {
    ++record.refusals;
    record.last_refusal = now;
  } else {
    record.unanswered.push_back(now);
  }
}

void PromptRate::forget_old(Time now) {
  for (auto& [origin, record] : m_records) {
    std::erase_if(record.unanswered, [now](Time at) { return now - at >= unanswered_period; });
    if (now - record.last_refusal >= silence) record.refusals = 0;
  }
  std::erase_if(m_records,
                [](const auto& each) { return each.second.refusals == 0 && each.second.unanswered.empty(); });
}

} // namespace twcard::service
