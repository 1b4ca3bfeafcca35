#include "tests/dialects/nhiicc/health_card.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace twcard::tests {

namespace {

// The health card of somebody else, beside the stack's own, and one of the same person that answers 61xx.
void make_other_cards() {
  const auto make = [](const char* name, const std::string& options) {
    const auto file = stack_file(std::string(name) + ".json");
    if (!std::filesystem::exists(file))
      run("twcard-sim personalise --kind nhi --sex M " + options + " --out '" + file + "' >/dev/null");
  };
  make("other_nhi", "--name 陳大文 --id B123456780 --termination 1");
  make("slow_nhi",
       "--get-response --name " + stack_variable("TWCARD_TEST_NAME") + " --id " + stack_variable("TWCARD_TEST_ID"));
}

} // namespace

HealthCard::HealthCard() {
  make_other_cards();
  person("approve");
  site_will("");
  put_card(0, "nhi");
  put_card(1, "hicos");
}

HealthCard::~HealthCard() {
  site_will("");
}

std::unique_ptr<web::RawWebSocket> HealthCard::page() {
  auto page = std::make_unique<web::RawWebSocket>(std::uint16_t{7777});
  page->start_tls();
  if (page->request("GET /echo HTTP/1.1", web::browser_headers("localhost:7777", "https://page.test:8443")) != 101)
    throw std::runtime_error("no connection: " + page->head());
  return page;
}

void HealthCard::site_will(const std::string& words) {
  std::ofstream(stack_variable("TWCARD_TEST_SITE_BEHAVIOUR")) << words;
}

void HealthCard::put_card(int slot, const std::string& name) {
  // As scripts/with-stack has put them in for this program.
  static std::array<std::string, 2> inserted{"nhi", "hicos"};
  auto& now = inserted.at(static_cast<std::size_t>(slot));
  if (now == name) return;
  if (now != "none") remove_card(slot);
  if (name != "none") insert_card(slot, stack_file(name + ".json"));
  now = name;
}

} // namespace twcard::tests
