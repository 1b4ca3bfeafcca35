#include "simulator/person/person.hpp"

#include "driver/base/error.hpp"
#include "simulator/person/answers.hpp"
#include "simulator/person/assuan.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>

namespace twcard::simulator {

namespace {

using Clock = std::chrono::steady_clock;

// Of twcard-prompt, in both languages (docs/service-protocol.md, "twcard-prompt").
constexpr std::array<std::string_view, 2> always_buttons{"Don't ask again…", "不再詢問…"};

class LineInput final {
public:
  explicit LineInput(int descriptor) : m_descriptor(descriptor) {}

  // The next line without its end; nullopt at the end of the input.
  std::optional<std::string> next() {
    for (;;) {
      const auto end = m_buffer.find('\n');
      if (end != std::string::npos) {
        auto line = m_buffer.substr(0, end);
        m_buffer.erase(0, end + 1);
        return line;
      }
      if (m_closed || !read_more()) return std::nullopt;
    }
  }

  // Lets time pass; false when the input ends meanwhile.
  bool stays_open(std::chrono::milliseconds time) {
    const auto deadline = Clock::now() + time;
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd waiting{m_descriptor, POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) return true;
      if (!read_more()) return false;
    }
  }

private:
  bool read_more() {
    std::array<char, 4096> chunk{};
    const auto count = ::read(m_descriptor, chunk.data(), chunk.size());
    m_closed = count <= 0;
    if (!m_closed) m_buffer.append(chunk.data(), static_cast<std::size_t>(count));
    return !m_closed;
  }

  int m_descriptor;
  std::string m_buffer;
  bool m_closed = false;
};

// What the next dialog would show.
struct Dialog {
  std::string title, description, prompt, error, ok, not_ok, cancel;
  std::chrono::seconds timeout{0}; // 0: none
};

class Session final {
public:
  Session(int input, int output, const PersonFiles& files) : m_input(input), m_output(output), m_files(files) {}

  void run() {
    static_cast<void>(PersonAnswers::read(m_files.answers));
    reply("OK Pleased to meet you, I am simulated");
    while (!m_ended) {
      const auto line = m_input.next();
      if (!line) return;
      if (line->size() >= assuan::max_line)
        fail(assuan::line_too_long, "Line too long");
      else
        obey(*line);
    }
  }

private:
  enum class Outcome { Approved, Always, Refused, RefusedByCancel, Cancelled, TimedOut, Closed };

  void obey(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') return;
    const auto space = std::min(line.find(' '), line.size());
    std::string command(line.substr(0, space));
    std::transform(command.begin(), command.end(), command.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    obey(command, assuan::unescape(line.substr(std::min(space + 1, line.size()))));
  }

  void obey(const std::string& command, const std::string& argument) {
    if (command == "SETTITLE") return take(m_dialog.title, argument);
    if (command == "SETDESC") return take(m_dialog.description, argument);
    if (command == "SETPROMPT") return take(m_dialog.prompt, argument);
    if (command == "SETERROR") return take(m_dialog.error, argument);
    if (command == "SETOK") return take(m_dialog.ok, argument);
    if (command == "SETNOTOK") return take(m_dialog.not_ok, argument);
    if (command == "SETCANCEL") return take(m_dialog.cancel, argument);
    if (command == "SETTIMEOUT") return set_timeout(argument);
    if (command == "GETPIN") return get_pin();
    if (command == "CONFIRM") return confirm(argument.starts_with("--one-button"));
    if (command == "MESSAGE") return confirm(true);
    if (command == "GETINFO") return get_info(argument);
    if (command == "RESET") m_dialog = {};
    if (command == "BYE") {
      reply("OK closing connection");
      m_ended = true;
      return;
    }
    static constexpr std::array<std::string_view, 6> without_effect{"OPTION",     "NOP",           "RESET",
                                                                    "SETKEYINFO", "SETQUALITYBAR", "SETREPEAT"};
    if (std::find(without_effect.begin(), without_effect.end(), command) != without_effect.end()) return reply("OK");
    fail(assuan::unknown_command, "Unknown IPC command");
  }

  void take(std::string& member, const std::string& text) {
    member = text;
    reply("OK");
  }

  void set_timeout(const std::string& seconds) {
    char* end = nullptr;
    const auto value = std::strtol(seconds.c_str(), &end, 10);
    if (seconds.empty() || *end != '\0' || value < 0) return fail(assuan::parameter, "Parameter error");
    m_dialog.timeout = std::chrono::seconds(value);
    reply("OK");
  }

  void get_info(const std::string& what) {
    if (what == "pid") return answer_with(std::to_string(::getpid()));
    if (what == "version") return answer_with(TWCARD_VERSION);
    if (what == "flavor") return answer_with("twcard-sim");
    if (what == "ttyinfo") return answer_with("- - -");
    fail(assuan::parameter, "Parameter error");
  }

  void get_pin() {
    const auto answers = PersonAnswers::read(m_files.answers);
    const bool gives_up = answers.mood == Mood::Refuse || answers.mood == Mood::Cancel;
    const auto outcome = dwell(answers, gives_up ? Outcome::Cancelled : Outcome::Approved);
    note("pin", outcome == Outcome::Approved ? "entered" : name_of(outcome));
    finish(outcome, answers.entered_pin());
  }

  void confirm(bool one_button) {
    const auto answers = PersonAnswers::read(m_files.answers);
    auto intended = one_button ? Outcome::Approved : wish_of(answers.mood);
    if (!answers.press.empty()) {
      if (answers.press == m_dialog.ok) intended = Outcome::Approved;
      if (answers.press == m_dialog.not_ok) intended = Outcome::Refused;
      if (answers.press == m_dialog.cancel) intended = Outcome::Cancelled;
    }
    const auto outcome = dwell(answers, intended);
    note(one_button ? "message" : "confirm", name_of(outcome));
    finish(outcome, "");
  }

  // Which button that is; where a permanent consent is offered, its button is in the middle.
  [[nodiscard]] Outcome wish_of(Mood mood) const {
    const bool can_be_kept = std::ranges::find(always_buttons, m_dialog.not_ok) != always_buttons.end();
    if (mood == Mood::Refuse) return can_be_kept ? Outcome::RefusedByCancel : Outcome::Refused;
    return mood == Mood::Always && can_be_kept ? Outcome::Always : Outcome::Approved;
  }

  // The time that the person takes, which the dialog's own timeout may cut.
  Outcome dwell(const PersonAnswers& answers, Outcome intended) {
    if (answers.mood != Mood::Slow) return intended;
    ::prctl(PR_SET_NAME, waiting_name);
    const bool too_slow = m_dialog.timeout.count() != 0 && m_dialog.timeout < answers.delay;
    if (!m_input.stays_open(too_slow ? std::chrono::milliseconds(m_dialog.timeout) : answers.delay))
      return Outcome::Closed;
    return too_slow ? Outcome::TimedOut : intended;
  }

  static const char* name_of(Outcome outcome) {
    switch (outcome) {
    case Outcome::Approved: return "approved";
    case Outcome::Always: return "always";
    case Outcome::Refused:
    case Outcome::RefusedByCancel: return "refused";
    case Outcome::Cancelled: return "cancelled";
    case Outcome::TimedOut: return "timeout";
    case Outcome::Closed: return "closed";
    }
    return "";
  }

  void finish(Outcome outcome, const std::string& data) {
    m_dialog.error.clear();
    switch (outcome) {
    case Outcome::Approved: return data.empty() ? reply("OK") : answer_with(data);
    case Outcome::Always:
    case Outcome::Refused: return fail(assuan::not_confirmed, "Not confirmed");
    case Outcome::RefusedByCancel:
    case Outcome::Cancelled: return fail(assuan::cancelled, "Operation cancelled");
    case Outcome::TimedOut: return fail(assuan::timeout, "Timeout");
    case Outcome::Closed: m_ended = true; return;
    }
  }

  void note(const char* kind, const char* answer) const {
    if (m_files.transcript.empty()) return;
    const boost::json::object line{{"kind", kind},
                                   {"title", m_dialog.title},
                                   {"description", m_dialog.description},
                                   {"prompt", m_dialog.prompt},
                                   {"error", m_dialog.error},
                                   {"answer", answer}};
    std::ofstream out(m_files.transcript, std::ios::binary | std::ios::app);
    out << boost::json::serialize(line) + "\n";
  }

  void answer_with(const std::string& data) {
    reply("D " + assuan::escape(data));
    reply("OK");
  }

  void fail(unsigned code, const char* text) { reply(fmt::format("ERR {} {} <Pinentry>", code, text)); }

  void reply(const std::string& line) {
    const auto octets = line + "\n";
    std::string_view rest(octets);
    while (!rest.empty()) {
      const auto count = ::write(m_output, rest.data(), rest.size());
      if (count <= 0) {
        m_ended = true;
        return;
      }
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  LineInput m_input;
  int m_output;
  const PersonFiles& m_files;
  Dialog m_dialog;
  bool m_ended = false;
};

} // namespace

void play_person(int input, int output, const PersonFiles& files) {
  Session(input, output, files).run();
}

} // namespace twcard::simulator
