#include "simulator/person/answers.hpp"

#include "driver/base/error.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <utility>

namespace twcard::simulator {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<const char*, Mood>, 6> modes{{{"approve", Mood::Approve},
                                                             {"always", Mood::Always},
                                                             {"refuse", Mood::Refuse},
                                                             {"wrong-pin", Mood::WrongPin},
                                                             {"cancel", Mood::Cancel},
                                                             {"slow", Mood::Slow}}};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw Error(Errc::BadRequest, file.string() + ": " + what);
}

} // namespace

PersonAnswers PersonAnswers::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  boost::system::error_code error;
  const auto value = json::parse(content, error);
  const auto* object = error ? nullptr : value.if_object();
  if (object == nullptr) refuse(file, "no JSON object of answers");

  PersonAnswers answers;
  const auto* mode = object->if_contains("mode");
  bool known = false;
  for (const auto& [name, mood] : modes) {
    if (mode == nullptr || *mode != name) continue;
    answers.mood = mood;
    known = true;
  }
  if (!known) refuse(file, "mode: not approve, always, refuse, wrong-pin, cancel or slow");

  const auto* pin = object->if_contains("pin");
  if (pin == nullptr || !pin->is_string() || pin->get_string().empty()) refuse(file, "pin: missing, or no text");
  answers.pin = pin->get_string().c_str();

  if (const auto* press = object->if_contains("press")) {
    if (!press->is_string()) refuse(file, "press: no text");
    answers.press = press->get_string().c_str();
  }

  if (const auto* delay = object->if_contains("delay_ms")) {
    if (!delay->is_int64() || delay->get_int64() < 0) refuse(file, "delay_ms: no whole number of milliseconds");
    answers.delay = std::chrono::milliseconds(delay->get_int64());
  }
  return answers;
}

std::string PersonAnswers::entered_pin() const {
  if (mood != Mood::WrongPin) return pin;
  auto wrong = pin;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  return wrong;
}

} // namespace twcard::simulator
