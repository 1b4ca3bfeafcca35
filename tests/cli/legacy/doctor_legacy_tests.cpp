// `twcard doctor` on the old local interfaces, with the real twcard-web, NSS databases and sockets.
#include "cli/legacy/certificate.hpp"
#include "tests/cli/legacy/legacy_home.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace twcard::cli::testing;

namespace {

const std::string page = "https://page.test:8443";
constexpr std::time_t day = 24L * 60 * 60;

// Each runs before doctor. twcard-web prints its port once it also listens at the others.
const std::string network_up = "ip link set lo up && ";
const std::string service_runs = network_up +
                                 "mkfifo \"$HOME/out\" && { " TWCARD_WEB_PROGRAM
                                 " --port 0 >\"$HOME/out\" 2>\"$HOME/web.log\" & } && read -r port <\"$HOME/out\" && ";
// Without the right to look into processes that hide themselves, as a person is.
const std::string as_a_person = service_runs + "setpriv --bounding-set=-all";
const std::string another_program_runs =
    network_up +
    "mkfifo \"$HOME/out\" && { python3 -c 'import socket, time; s = socket.create_server((\"127.0.0.1\", 7777)); "
    "print(flush=True); time.sleep(20)' >\"$HOME/out\" 2>/dev/null & } && read -r up <\"$HOME/out\";";

// A reader with its driver, as the kernel and pcscd's folder show them; nothing else is on the USB.
const std::string reader_is_ready =
    "mount -t tmpfs none /sys && mkdir -p /sys/bus/usb/devices/1-1 && cd /sys/bus/usb/devices/1-1 && "
    "echo 0ca6 >idVendor && echo 0010 >idProduct && mount -t tmpfs none /usr/lib/pcsc/drivers && "
    "mkdir -p /usr/lib/pcsc/drivers/a.bundle/Contents/Linux && cd /usr/lib/pcsc/drivers/a.bundle/Contents && "
    "ln -s /proc/self/exe Linux/driver && "
    "printf '<key>ifdVendorID</key><string>0x0CA6</string><key>ifdProductID</key><string>0x0010</string>"
    "<key>CFBundleExecutable</key><string>driver</string>' >Info.plist && ";

struct Person : LegacyHome {
  // The rows that are not as they should be, as "check subject=state"; all with `fine`.
  [[nodiscard]] std::string rows(const std::string& before, bool fine = false) const {
    std::filesystem::remove(folder.path() / "out");
    const auto outcome = run({"doctor", "--json"}, before);
    std::string text;
    const auto answer = json_of(outcome.out);
    for (const auto& row : answer.at("legacy").as_array()) {
      const auto word = [&row](const char* name) { return std::string(row.at(name).as_string()); };
      if (word("level") == "fine" && !fine) continue;
      text += word("check") + " " + word("subject") + "=" + word("state") + "; ";
    }
    return text;
  }

  void be_set_up() const {
    BOOST_TEST(setup({"nhiicc", "--allow", page}).exit_code == 0);
    BOOST_TEST(setup({"hipki", "--allow", page, "--allow", "https://b.example"}).exit_code == 0);
    std::filesystem::create_directories(settings.parent_path() / "profiles.d");
    folder.file(".config/twcard/profiles.d/nhi.json", R"({"kind": "nhi"})");
  }

  void issue_certificate(std::time_t begun) const {
    const auto made = twcard::cli::issue_legacy_certificate(begun);
    folder.file(".config/twcard/legacy/certificate.pem", made.chain);
    folder.file(".config/twcard/legacy/ca.pem", made.authority);
    folder.file(".config/twcard/legacy/key.pem", made.key);
  }

  void have_certificate_of(std::time_t begun) const {
    issue_certificate(begun);
    for (const auto& database : {chromium, firefox}) {
      (void)certutil(database, {"-D", "-n", "twcard on this computer"});
      (void)certutil(database,
                     {"-A", "-n", "twcard on this computer", "-t", "C,,", "-i", (legacy / "ca.pem").string()});
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(doctor_legacy, Person)

BOOST_AUTO_TEST_CASE(interfaces_that_are_off_need_nothing) {
  BOOST_TEST(rows("", true) == "interface nhiicc=off; interface hipki=off; ");
  BOOST_TEST(contains(run({"doctor"}).out, "✓ old interface nhiicc: off\n✓ old interface hipki: off\n"));
}

BOOST_AUTO_TEST_CASE(with_all_in_place_and_twcard_web_running_nothing_is_missing) {
  be_set_up();
  const auto everything = "interface nhiicc=on; port 7777=served; port 59001=served; port 59002=served; certificate ";
  BOOST_TEST(contains(rows(service_runs, true), everything));
  BOOST_TEST(rows(service_runs) == "");
  BOOST_TEST(rows(as_a_person) == "");
}

BOOST_AUTO_TEST_CASE(ports_where_nobody_listens_are_named_with_the_command_that_opens_them) {
  be_set_up();
  BOOST_TEST(rows("") == "port 7777=closed; port 59001=closed; port 59002=closed; port 61161=closed; ");
  const auto text = run({"doctor"}).out;
  BOOST_TEST(contains(text, "✓ old interface hipki: on, for https://page.test:8443, https://b.example\n"), text);
  BOOST_TEST(contains(text, "✗ port 7777: nothing is listening\n  → systemctl --user enable --now twcard-web.service"),
             text);
}

BOOST_AUTO_TEST_CASE(a_port_held_by_another_program_is_reported_with_its_name) {
  be_set_up();
  BOOST_TEST(contains(rows(another_program_runs), "port 7777=taken; port 59001=closed; "));
  std::filesystem::remove(folder.path() / "out");
  const auto text = run({"doctor"}, another_program_runs).out;
  BOOST_TEST(contains(text, "✗ port 7777: in use by another program: python3 (process "), text);
}

BOOST_AUTO_TEST_CASE(missing_parts_of_nhiicc_are_listed_one_by_one) {
  be_set_up();
  (void)certutil(firefox, {"-D", "-n", "twcard on this computer"});
  std::filesystem::remove(settings.parent_path() / "profiles.d/nhi.json");
  folder.file("hosts", "127.0.0.1 localhost\n");
  BOOST_TEST(rows(service_runs) == "browser " + firefox.string() +
                                       "=not_trusted; hosts iccert.nhi.gov.tw=missing; card_profile nhi=missing; ");
  const auto text = run({"doctor"}).out;
  BOOST_TEST(contains(text, "  → printf '%s\\n' '127.0.0.1 iccert.nhi.gov.tw # twcard' | sudo tee -a /etc/hosts\n"),
             text);
  BOOST_TEST(contains(text, "! card profile of kind nhi: none; SignHC (H_Sign) and EncryptPwd (EnCrypt) need one\n"),
             text);
  BOOST_TEST(contains(text, "docs/nhi-authentication.md"), text);
}

BOOST_AUTO_TEST_CASE(a_browser_that_trusts_an_older_authority_is_named) {
  be_set_up();
  issue_certificate(std::time(nullptr));
  BOOST_TEST(rows(service_runs) ==
             "browser " + chromium.string() + "=not_trusted; browser " + firefox.string() + "=not_trusted; ");
}

BOOST_AUTO_TEST_CASE(the_end_of_the_certificate_is_reported_from_thirty_days_before) {
  be_set_up();
  const auto now = std::time(nullptr);
  have_certificate_of(now - 365 * day); // ends 396 days after it was made
  BOOST_TEST(!contains(rows(""), "certificate"));
  have_certificate_of(now - 367 * day - day / 2);
  BOOST_TEST(contains(rows(""), "=ends_soon; "));
  const auto text = run({"doctor"}).out;
  BOOST_TEST(contains(text, ", 28 days left\n  → twcard setup legacy nhiicc\n"), text);
  have_certificate_of(now - 400 * day);
  BOOST_TEST(contains(rows(""), "=ended; "));
  std::filesystem::remove(legacy / "key.pem");
  BOOST_TEST(contains(rows(""), "certificate =missing; "));
}

BOOST_AUTO_TEST_CASE(twcard_web_warns_of_the_end_in_its_log) {
  be_set_up();
  have_certificate_of(std::time(nullptr) - 365 * day);
  (void)rows(service_runs);
  BOOST_TEST(content_of(folder.path() / "web.log") == "");
  have_certificate_of(std::time(nullptr) - 380 * day - day / 2);
  (void)rows(service_runs);
  const auto log = content_of(folder.path() / "web.log");
  BOOST_TEST(contains(log, ", in 15 days; `twcard setup legacy nhiicc` renews it\n"), log);
}

BOOST_AUTO_TEST_CASE(a_fault_changes_the_exit_status_and_advice_does_not) {
  BOOST_TEST(run({"doctor"}, reader_is_ready).exit_code == 0);
  be_set_up();
  std::filesystem::remove(settings.parent_path() / "profiles.d/nhi.json");
  BOOST_TEST(run({"doctor"}, reader_is_ready + service_runs).exit_code == 0);
  BOOST_TEST(run({"doctor"}, reader_is_ready).exit_code == 1);
}

BOOST_AUTO_TEST_CASE(malformed_settings_and_sudo_are_reported) {
  be_set_up();
  folder.file(".config/twcard/legacy.json", "{");
  BOOST_TEST(rows("") == "settings =unknown; ");
  environment.insert({{"SUDO_UID", "1000"}, {"SUDO_USER", "ming"}});
  BOOST_TEST(rows("") == "settings =unknown; ");
  BOOST_TEST(contains(run({"doctor"}).out, "without sudo"));
  environment["LC_ALL"] = "zh_TW.UTF-8";
  BOOST_TEST(contains(run({"doctor"}).out, "不要加 sudo"));
}

BOOST_AUTO_TEST_SUITE_END()
