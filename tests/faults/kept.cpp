#include "tests/faults/kept.hpp"

#include "tests/system/stack.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace twcard::tests {

namespace {

constexpr const char* site = "https://page.test";
constexpr std::chrono::seconds return_limit{2};

std::string reader_of_the_certificate_card() {
  auto client = service();
  const auto listing = client.call("token.list").result;
  for (const auto& reader : listing.at("readers").as_array())
    if (reader.at("state").as_string() == "ready") return std::string(reader.at("reader").as_string());
  throw Error(Errc::NoCard, "no token is ready");
}

} // namespace

std::map<std::string, std::string> kept_files() {
  std::map<std::string, std::string> all;
  for (const auto* folder : {"state", "cache"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(stack_file(folder))) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all.emplace(entry.path(), std::string(std::istreambuf_iterator<char>(file), {}));
    }
  return all;
}

std::string changes_since(const std::map<std::string, std::string>& before) {
  std::string changes;
  const auto now = kept_files();
  for (const auto& [path, content] : before) {
    const auto found = now.find(path);
    if (found == now.end())
      changes += path + " is gone\n";
    else if (found->second != content)
      changes += path + " has changed\n";
  }
  for (const auto& [path, content] : now)
    if (!before.contains(path)) changes += path + " is new\n";
  return changes;
}

ConsentedPage::ConsentedPage() : m_reader(reader_of_the_certificate_card()) {
  connect();
}

void ConsentedPage::connect() {
  m_connection.emplace(service());
  m_connection->call("certificates", {{"origin", site}});
  m_connection->call("events.subscribe", {{"origin", site}});
  m_card_there = true;
}

std::string ConsentedPage::fault() {
  try {
    return take_notifications();
  } catch (const Error& error) {
    if (error.code() != Errc::ServiceUnavailable) throw;
    connect();
    return "";
  }
}

std::string ConsentedPage::take_notifications() {
  const auto deadline = std::chrono::steady_clock::now() + return_limit;
  for (;;) {
    const auto told = m_connection->next_notification(std::chrono::milliseconds(1));
    if (told) {
      const auto& event = told->params;
      if (event.at("reader").as_string() != m_reader) return "a page learned of a card without a consent";
      if (event.at("type").as_string() == "card_removed") m_card_there = false;
      if (event.at("type").as_string() == "card_ready") m_card_there = true;
    } else if (m_card_there) {
      return "";
    } else if (std::chrono::steady_clock::now() > deadline) {
      return "a page with a consent was not told that its card is back";
    }
  }
}

} // namespace twcard::tests
