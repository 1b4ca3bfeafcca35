// A person with a home and a Firefox profile, for commands on the old local interfaces. Each command gets an /etc/hosts
// and a network of its own.
#pragma once

#include "tests/cli/child_program.hpp"
#include "tests/cli/fake_service.hpp"

#include <unistd.h>

namespace twcard::cli::testing {

struct LegacyHome {
  PrivateFolder folder;
  Environment environment{
      {"HOME", folder.path().string()}, {"LC_ALL", "C.UTF-8"}, {"PATH", "/usr/bin:/bin:/usr/sbin:/sbin"}};
  std::filesystem::path hosts = folder.file("hosts", "127.0.0.1 localhost\n");
  std::filesystem::path settings = folder.path() / ".config/twcard/legacy.json";
  std::filesystem::path legacy = folder.path() / ".config/twcard/legacy";
  std::filesystem::path chromium = folder.path() / ".local/share/pki/nssdb";
  std::filesystem::path firefox = folder.path() / ".mozilla/firefox/a.default";

  LegacyHome() {
    std::filesystem::create_directories(firefox);
    folder.file(".mozilla/firefox/profiles.ini", "[Profile0]\nPath=a.default\n");
  }

  // The program, after these words of a shell, as root of the namespaces. A program that they leave in the background
  // is ended; its outputs must not be this shell's. `mount` is how /etc/hosts is mounted.
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments, const std::string& before = "",
                            const std::string& mount = "bind") const {
    std::vector<std::string> words{"--mount", "--net"};
    if (::geteuid() != 0) words.insert(words.end(), {"--map-root-user"});
    const auto script = "mount --bind " + hosts.string() + " /etc/hosts && mount -o remount," + mount +
                        " /etc/hosts && " + before + " \"$@\"; status=$?; [ -z \"$!\" ] || kill \"$!\"; exit $status";
    words.insert(words.end(), {"sh", "-c", script, "sh", twcard_program().string()});
    words.insert(words.end(), arguments.begin(), arguments.end());
    return ChildProgram("/usr/bin/unshare", words, environment).finish();
  }

  [[nodiscard]] Outcome setup(std::vector<std::string> arguments, const std::string& mount = "bind") const {
    arguments.insert(arguments.begin(), {"setup", "legacy"});
    return run(arguments, "", mount);
  }

  [[nodiscard]] std::string certutil(const std::filesystem::path& database, std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"-d", "sql:" + database.string()});
    return ChildProgram("/usr/bin/certutil", arguments, environment).finish().out;
  }
};

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace twcard::cli::testing
