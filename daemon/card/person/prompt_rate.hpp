// How often a web site may ask the person (control C7 of SECURITY.md). Two refusals in a row silence an origin for a
// while. So do three questions in a minute that had no answer, because the page went away or nobody was there: a
// page must not make prompts flash up. A consent clears both, so that no sign-in that the person wants is held up.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace twcard::service {

enum class PromptOutcome { Agreed, Refused, Unanswered };

class PromptRate final {
public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::minutes silence{5};
  static constexpr std::chrono::minutes unanswered_period{1};

  // Whether the person may be asked for this origin now.
  [[nodiscard]] bool may_ask(const std::string& origin, Time now) const;
  void note(const std::string& origin, PromptOutcome outcome, Time now);

private:
  struct Record {
    int refusals = 0; // since the last consent
    Time last_refusal;
    std::vector<Time> unanswered;
    [[nodiscard]] std::size_t lately_unanswered(Time now) const;
  };
  void forget_old(Time now);

  std::map<std::string, Record> m_records;
};

} // namespace twcard::service
