// The running twcard-web beside what a transcript can say: certificates, other ports, descriptors, contexts, logs.
#include "tests/dialects/nhiicc/health_card.hpp"
#include "tests/support/process_memory.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

std::string contents(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path).rdbuf();
  return all.str();
}

// Through the certificate that `twcard setup legacy` made.
std::string curl(const std::string& arguments) {
  return run(fmt::format("curl --silent --show-error --cacert '{}' --resolve iccert.nhi.gov.tw:7777:127.0.0.1 {}",
                         stack_variable("TWCARD_LEGACY_CA"), arguments));
}

std::size_t descriptors_of(const std::string& service) {
  std::string process = contents(stack_file(service + ".pid"));
  std::erase(process, '\n');
  const auto all = std::filesystem::directory_iterator("/proc/" + process + "/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Of the front, the card service, and pcscd, which has one for each context.
struct Descriptors {
  std::size_t web = descriptors_of("twcard-web");
  std::size_t card = descriptors_of("twcardd");
  std::size_t pcscd = descriptors_of("pcscd");

  // A connection that has ended a moment ago may still be counted in these.
  [[nodiscard]] bool come_back() const {
    return eventually([this] {
      const Descriptors now;
      return now.web <= web && now.card <= card && now.pcscd <= pcscd;
    });
  }
};

constexpr int repetitions = 10'000;

// The front does nothing while this exists; the system still takes connections for it.
class PausedFront final {
public:
  PausedFront() { ::kill(m_process, SIGSTOP); }
  ~PausedFront() { ::kill(m_process, SIGCONT); }
  PausedFront(const PausedFront&) = delete;
  PausedFront& operator=(const PausedFront&) = delete;

private:
  pid_t m_process = pid_of("twcard-web");
};

// As far as a connection has got when it is lost.
void drop_one(int which) {
  web::RawWebSocket connection(std::uint16_t{7777});
  const auto frame = web::client_frame(1, "GetVersion");
  switch (which % 50) {
  case 10: connection.start_tls(); break;
  case 20:
    connection.start_tls();
    connection.send("GET /echo HTTP/1.1\r\nHost: localhost:7777\r\nOri");
    break;
  case 30: return HealthCard::page()->drop();
  case 40: {
    const auto page = HealthCard::page();
    page->send(frame + frame.substr(0, 8));
    BOOST_REQUIRE(page->receive_text() == "GetVersion:0001");
    return page->drop();
  }
  default: break;
  }
  connection.drop();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(running_front, HealthCard)

BOOST_AUTO_TEST_CASE(the_certificate_is_believed_for_both_names_and_the_page_says_so) {
  for (const char* address :
       {"https://localhost:7777/", "https://iccert.nhi.gov.tw:7777/echo", "https://127.0.0.1:7777/x"})
    BOOST_TEST(curl(address).find("trusted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_loopback_is_listened_at) {
  for (const char* port : {"7777", "59001", "59002"})
    BOOST_TEST(run(fmt::format("ss --listening --tcp --numeric --no-header 'sport = :{}' | awk '{{print $4}}' | sort",
                               port)) == fmt::format("127.0.0.1:{0}\n[::1]:{0}\n", port));
}

BOOST_AUTO_TEST_CASE(the_http_api_answers_at_both_ports) {
  for (const char* address : {"http://localhost:59001", "https://localhost:59002"}) {
    const auto answer = boost::json::parse(
        curl(fmt::format("--header 'Origin: https://page.test:8443' --data '{{}}' {}/api/GetBasic", address)));
    BOOST_TEST(answer.at("result").as_string() == "0000");
    BOOST_TEST(answer.at("name").as_string() == stack_variable("TWCARD_TEST_NAME"));
    BOOST_TEST(answer.at("as_id").as_string() == stack_variable("TWCARD_TEST_ID"));
    const auto refused = curl(fmt::format("--write-out '%{{http_code}}' --output /dev/null --data '{{}}' "
                                          "--header 'Origin: https://other.test' {}/api/GetBasic",
                                          address));
    BOOST_TEST(refused == "403");
  }
}

BOOST_AUTO_TEST_CASE(a_refused_site_causes_no_prompt_and_no_command_to_the_card) {
  reset_apdus();
  const auto before = dialogs().size();
  web::RawWebSocket page(std::uint16_t{7777});
  page.start_tls();
  BOOST_TEST(page.request("GET /echo HTTP/1.1", web::browser_headers("localhost:7777", "https://page.test")) == 403U);
  BOOST_TEST(dialogs().size() == before);
  BOOST_TEST(apdus(0) == 0U);
}

BOOST_AUTO_TEST_CASE(the_person_is_asked_once_for_reading_and_each_time_for_a_signature) {
  const auto page = HealthCard::page();
  const auto dialogs_for = [&](const char* request) {
    const auto before = dialogs().size();
    page->send_text(request);
    static_cast<void>(page->receive_text());
    return dialogs().size() - before;
  };
  BOOST_TEST(dialogs_for("GetVersion") == 0U);
  BOOST_TEST(dialogs_for("GetBasic") == 1U);
  BOOST_TEST(dialogs_for("EnCrypt?Pwd=secret7") == 0U);
  BOOST_TEST(dialogs_for("SecureGetBasicWithParam?Pwd=") == 0U);
  BOOST_TEST(dialogs_for("H_Sign?Random=00011234567890123456") == 1U);
  BOOST_TEST(dialogs_for("H_Sign?Random=00011234567890123456") == 1U);
}

BOOST_AUTO_TEST_CASE(encryptions_and_dropped_connections_leave_descriptors_and_contexts_as_they_were) {
  { static_cast<void>(HealthCard::page()); }
  const Descriptors before;
  {
    const auto page = HealthCard::page();
    for (int i = 0; i < repetitions; ++i) {
      page->send_text("EnCrypt?Pwd=secret7");
      BOOST_REQUIRE(page->receive_text().starts_with("EnCrypt:"));
    }
  }
  for (int i = 0; i < repetitions; ++i) drop_one(i);
  BOOST_TEST(before.come_back(), fmt::format("{} {} {} have become {} {} {}", before.web, before.card, before.pcscd,
                                             Descriptors().web, Descriptors().card, Descriptors().pcscd));
  const auto page = HealthCard::page();
  page->send_text("GetBasic");
  BOOST_TEST(page->receive_text().starts_with("GetBasic:"));
}

// With a backlog of 1 the third of them would not get a connection.
BOOST_AUTO_TEST_CASE(fifty_callers_at_once_are_all_answered) {
  std::vector<std::unique_ptr<web::RawWebSocket>> visitors;
  {
    const PausedFront busy;
    for (int i = 0; i < 50; ++i) visitors.push_back(std::make_unique<web::RawWebSocket>(std::uint16_t{7777}));
  }
  for (auto& waiting : visitors) {
    const auto visitor = std::move(waiting); // and goes when it has been answered
    visitor->start_tls();
    BOOST_TEST(visitor->request("GET / HTTP/1.1", {{"Host", "localhost:7777"}}) == 200U);
    BOOST_TEST(visitor->receive_all().find("trusted") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_second_front_finds_the_ports_taken_says_so_and_serves_its_own) {
  const auto log =
      run("folder=$(mktemp -d); mkfifo $folder/port; "
          "twcard-web --port 0 >$folder/port 2>&1 & front=$!; "
          "while read -r line; do echo \"$line\"; case $line in [1-9]*) break ;; esac; done <$folder/port; "
          "kill $front; wait $front; rm -r $folder");
  for (const char* port : {"7777", "59001", "59002"})
    BOOST_TEST(log.find(fmt::format("NHIICC is not served at port {}", port)) != std::string::npos);
  BOOST_TEST(log.find_last_of("0123456789") == log.size() - 2, "its own port comes last");
}

BOOST_AUTO_TEST_CASE(no_log_has_anything_of_the_card_or_the_password) {
  const auto page = HealthCard::page();
  for (const char* request : {"GetBasic", "EnCrypt?Pwd=secret7", "H_Sign?Random=00011234567890123456"}) {
    page->send_text(request);
    static_cast<void>(page->receive_text());
  }
  for (const char* service : {"twcard-web", "twcardd", "twcard-prompt"}) {
    const auto log = contents(stack_file(std::string("log/") + service));
    for (const auto& secret : {stack_variable("TWCARD_TEST_NAME"), stack_variable("TWCARD_TEST_ID"),
                               std::string("secret7"), std::string("1234567890123456")})
      BOOST_TEST(log.find(secret) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_password_is_nowhere_in_the_memory_of_the_front_afterwards) {
  const auto front = pid_of("twcard-web");
  const auto control = find_in_memory(front, "not within a page of another site");
  if (!control) {
    BOOST_TEST_MESSAGE("not looked at: this user may not read the memory of another process");
    return;
  }
  BOOST_TEST(control->elsewhere);
  const auto is_gone = [front](const char* password) {
    // The connection ends a moment after its answer.
    return eventually([&] {
      const auto found = find_in_memory(front, password).value();
      return !found.in_locked_pages && !found.elsewhere;
    });
  };
  // In two pieces: Beast's own buffer, which nobody can wipe, has no whole password in it.
  const auto message = [](const char* first, const char* second) {
    const auto page = HealthCard::page();
    page->send_frame(1, first, false);
    page->send_frame(0, second);
    BOOST_TEST(page->receive_text().size() > 4U, "a code");
  };
  const auto post = [](const char* origin, const char* body, const char* address) {
    const auto answer =
        curl(fmt::format("--header 'Origin: {}' --header 'Twcard-Page-Origin: https://page.test:8443' --data '{}' {}",
                         origin, body, address));
    BOOST_TEST(boost::json::parse(answer).at("result").as_string() == "0000");
  };
  const char* site = "https://page.test:8443";
  message("EnCrypt?Pwd=canary", "-frame");
  BOOST_TEST(is_gone("canary-frame"));
  message("SecureGetBasicWithParam?Pwd=canary", "-param");
  BOOST_TEST(is_gone("canary-param"));
  post(site, R"({"pwd":"canary-plain"})", "http://localhost:59001/api/EncryptPwd");
  BOOST_TEST(is_gone("canary-plain"));
  post(site, R"({"pwd":"canary-secured"})", "https://localhost:59002/api/EncryptPwd");
  BOOST_TEST(is_gone("canary-secured"));
  post(site, R"({"pwd":"canary-unused"})", "http://localhost:59001/api/GetEncryptBasic");
  BOOST_TEST(is_gone("canary-unused"));
  post("http://localhost:59001", R"({"action":"send_auth_pin_step1","pin":"canary-popup"})",
       "http://localhost:59001/auth");
  BOOST_TEST(is_gone("canary-popup"));
}

BOOST_AUTO_TEST_SUITE_END()
