// Tells when files have changed, come or gone, also where their folders come later (inotify(7)). Costs nothing while
// nothing happens in those folders.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace twcard::web {

class FileWatch final {
public:
  // `changed` is called on the executor, once for whatever happens within a tenth of a second, and for what happened to
  // the files since this was made. Where the system has no watch left, that is logged, and it is never called.
  FileWatch(boost::asio::any_io_executor executor, std::vector<std::filesystem::path> files,
            std::function<void()> changed);
  ~FileWatch(); // as stop()
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Nothing is called, and nothing is left to run, from now on.
  void stop() noexcept;

private:
  struct State;
  std::shared_ptr<State> m_state;
};

} // namespace twcard::web
