#include "tests/daemon/prompt/scripted_pinentry.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace twcard::prompt {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

} // namespace

ScriptedPinentry::ScriptedPinentry(const std::string& on_getpin, const std::string& on_confirm,
                                   const std::string& at_start) {
  std::string name = (fs::temp_directory_path() / "twcard-pinentry-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  m_folder = name;
  ::mkfifo((m_folder / "words").c_str(), 0600);
  m_words = ::open((m_folder / "words").c_str(), O_RDWR | O_CLOEXEC);
  std::ofstream(m_folder / "pinentry") << "#!/bin/sh\nfolder='" << m_folder.string() << "'\nn=0\n"
                                       << R"(echo started >>"$folder/starts"
printf 'display=%s tty=%s term=%s\n' "$DISPLAY" "$GPG_TTY" "$TERM" >"$folder/environment"
tell() { echo "$1" >"$folder/words"; }
hang() { while :; do read -r ignored <"$folder/never"; done; }
)" << at_start << R"(
while IFS= read -r line; do
  printf '%s\n' "$line" >>"$folder/transcript"
  case $line in
    GETPIN) n=$((n + 1)); )" << on_getpin
                                       << ";;\n    CONFIRM) " << on_confirm << R"(;;
    BYE) echo OK; exit 0;;
    *) echo OK;;
  esac
done
)";
  ::mkfifo((m_folder / "never").c_str(), 0600);
  fs::permissions(m_folder / "pinentry", fs::perms::owner_all);
}

ScriptedPinentry::~ScriptedPinentry() {
  ::close(m_words);
  std::error_code ignored;
  fs::remove_all(m_folder, ignored);
}

std::vector<std::string> ScriptedPinentry::transcript() const {
  return lines_of(m_folder / "transcript");
}

bool ScriptedPinentry::was_sent(const std::string& line) const {
  const auto lines = transcript();
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

std::size_t ScriptedPinentry::starts() const {
  return lines_of(m_folder / "starts").size();
}

std::string ScriptedPinentry::wait_for_word() {
  std::string word;
  for (char c = 0; ::read(m_words, &c, 1) == 1 && c != '\n';) word += c;
  return word;
}

bool has_ended(pid_t process) {
  const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (handle < 0) return true;
  pollfd event = {handle, POLLIN, 0};
  const bool ended = ::poll(&event, 1, 30'000) == 1;
  ::close(handle);
  return ended;
}

} // namespace twcard::prompt
