#include "daemon/web/dialects/nhiicc/popup.hpp"

#include "daemon/web/dialects/nhiicc/json.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"
#include "daemon/web/dialects/shared/texts.hpp"

#include <fmt/format.h>

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr auto script = R"(
let asked = false;

function actionOf(text) {
  try {
    return JSON.parse(text).action;
  } catch {
    return undefined;
  }
}

addEventListener('message', (event) => {
  if (!isOfPage(event)) return;
  const action = actionOf(event.data);
  if (action === 'close') close();
  if (action !== 'send_auth_pin_step1' || asked) return;
  asked = true;
  relay(event, '/auth', '{"action":"recv_auth_pin_step1","result":"9876"}');
});

begin('{"action":"ready"}');
)";

json::object message_with(const NhiiccAnswer& answer) {
  json::object message{{"action", "recv_auth_pin_step1"}};
  for (auto& [name, value] : to_json(answer)) message[name] = std::move(value);
  return message;
}

// The whole order, one after the other, as a page of the text protocol would have it.
asio::awaitable<NhiiccAnswer> sign_in(std::shared_ptr<ServiceLink> service, ScrubbedBytes password) {
  NhiiccAnswer all;
  std::string version_and_random;
  for (const auto& command : nhiicc_commands) {
    ScrubbedBytes argument;
    if (command.argument == NhiiccArgument::Random)
      argument.assign(version_and_random.begin(), version_and_random.end());
    if (command.argument == NhiiccArgument::Password) argument = password;
    auto answer = co_await nhiicc_answer(service, command, std::move(argument));
    if (answer.code != nhiicc::succeeded) co_return answer;
    // What goes out together is of one card, and so of one person.
    const bool is_of_another = !all.card_number.empty() && answer.card_number != all.card_number;
    if (is_of_another) co_return NhiiccAnswer{nhiicc::card_pulled, {}, {}, false};
    all.card_number = answer.card_number;
    if (answer.card_number.empty()) version_and_random += answer.members.front().second;
    for (auto& member : answer.members) all.members.push_back(std::move(member));
  }
  co_return all;
}

} // namespace

HttpResponse nhiicc_popup_page(const rpc::LegacySites& sites) {
  const auto sentence = [](Language language) {
    return texts::popup.in(language, texts::nhi_title.in(language), "nhiicc");
  };
  const auto body = fmt::format("<p role=\"status\">{}</p>\n<p lang=\"en\">{}</p>\n",
                                sentence(Language::TraditionalChinese), sentence(Language::English));
  return popup_page({"zh-Hant-TW", std::string(texts::nhi_title.zh), body, "/auth.js"}, sites);
}

HttpResponse nhiicc_popup_script() {
  return popup_script(script);
}

asio::awaitable<json::object> nhiicc_popup_answer(std::shared_ptr<ServiceLink> service, std::string message) {
  auto members = nhiicc_object(message);
  wipe(message.data(), message.size());
  auto password = members ? take_text(*members, "pin") : std::nullopt;
  if (!password) co_return message_with({nhiicc::unexpected, {}, {}, false});
  if (!is_long_enough(as_text(*password))) co_return message_with({nhiicc::password_too_short, {}, {}, false});
  const auto answer = co_await sign_in(std::move(service), std::move(*password));
  co_return message_with(answer);
}

} // namespace twcard::web
