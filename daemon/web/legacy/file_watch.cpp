#include "daemon/web/legacy/file_watch.hpp"

#include "driver/base/log.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <chrono>
#include <set>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <system_error>

namespace twcard::web {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// Several files are often written at once.
constexpr std::chrono::milliseconds pause{100};
constexpr std::uint32_t events = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

// Equal for a file that has not changed; of zeros without a file.
using Look = std::array<std::int64_t, 6>;

Look look_at(const fs::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return {};
  return {static_cast<std::int64_t>(facts.st_ino),
          facts.st_size,
          facts.st_mtim.tv_sec,
          facts.st_mtim.tv_nsec,
          facts.st_ctim.tv_sec,
          facts.st_ctim.tv_nsec};
}

fs::path nearest_folder(fs::path path) {
  std::error_code unreadable;
  while (path.has_relative_path() && !fs::is_directory(path, unreadable)) path = path.parent_path();
  return path;
}

} // namespace

struct FileWatch::State {
  State(const asio::any_io_executor& executor, std::vector<fs::path> watched, std::function<void()> when_changed)
      : files(std::move(watched)), changed(std::move(when_changed)), notices(executor), timer(executor) {}

  std::vector<fs::path> files;
  std::function<void()> changed;
  std::vector<Look> known = looks();
  asio::posix::stream_descriptor notices;
  asio::steady_timer timer;
  bool stopped = false;

  [[nodiscard]] std::vector<Look> looks() const {
    std::vector<Look> all;
    for (const auto& file : files) all.push_back(look_at(file));
    return all;
  }

  // Again each time: a folder that was made or removed changes which ones are to be watched.
  bool watch_folders() {
    boost::system::error_code ignored;
    notices.close(ignored);
    const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) return false;
    notices.assign(descriptor);
    std::set<fs::path> folders;
    for (const auto& file : files) folders.insert(nearest_folder(file.parent_path()));
    for (const auto& folder : folders)
      if (::inotify_add_watch(descriptor, folder.c_str(), events) < 0 && errno != ENOENT) return false;
    return true;
  }

  static asio::awaitable<void> run(std::shared_ptr<State> self) {
    boost::system::error_code failure;
    while (!self->stopped) {
      if (!self->watch_folders()) {
        log::warning("web", "changes of settings are seen at the next start only: {}",
                     std::generic_category().message(errno));
        co_return;
      }
      if (auto now = self->looks(); now != self->known) {
        self->known = std::move(now);
        self->changed();
      }
      co_await self->notices.async_wait(asio::posix::stream_descriptor::wait_read,
                                        asio::redirect_error(asio::use_awaitable, failure));
      if (self->stopped) co_return;
      self->timer.expires_after(pause);
      co_await self->timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    }
  }
};

FileWatch::FileWatch(asio::any_io_executor executor, std::vector<fs::path> files, std::function<void()> changed)
    : m_state(std::make_shared<State>(executor, std::move(files), std::move(changed))) {
  asio::co_spawn(executor, State::run(m_state), asio::detached);
}

FileWatch::~FileWatch() {
  stop();
}

void FileWatch::stop() noexcept {
  boost::system::error_code ignored;
  m_state->stopped = true;
  m_state->notices.close(ignored);
  m_state->timer.cancel();
}

} // namespace twcard::web
