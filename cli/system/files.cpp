#include "cli/system/files.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace twcard::cli {

namespace {

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

Failure already_there(const std::filesystem::path& file) {
  return file_error(texts::file::exists, escaped(file.string()));
}

} // namespace

Failure cannot_read(const std::filesystem::path& file) {
  return file_error(texts::file::cannot_read, escaped(file.string()), std::strerror(errno));
}

Failure cannot_write(const std::filesystem::path& file) {
  return file_error(texts::file::cannot_write, escaped(file.string()), std::strerror(errno));
}

Bytes read_file(const std::filesystem::path& file, std::size_t limit) {
  const File stream(std::fopen(file.c_str(), "rbe"));
  if (!stream) throw cannot_read(file);
  Bytes content(limit + 1);
  content.resize(std::fread(content.data(), 1, content.size(), stream.get()));
  if (std::ferror(stream.get()) != 0) throw cannot_read(file);
  if (content.size() > limit) {
    errno = EFBIG;
    throw cannot_read(file);
  }
  return content;
}

void check_writable(const std::filesystem::path& file, bool overwrite) {
  std::error_code ignored;
  if (!overwrite && std::filesystem::exists(file, ignored)) throw already_there(file);
  auto folder = file.parent_path();
  if (folder.empty()) folder = ".";
  if (!std::filesystem::is_directory(folder, ignored)) {
    errno = ENOENT;
    throw cannot_write(file);
  }
}

void write_file(const std::filesystem::path& file, ByteView content, bool overwrite) {
  File stream(std::fopen(file.c_str(), overwrite ? "wbe" : "wbxe"));
  if (!stream && errno == EEXIST) throw already_there(file);
  if (!stream) throw cannot_write(file);
  const bool written = std::fwrite(content.data(), 1, content.size(), stream.get()) == content.size();
  if (std::fclose(stream.release()) == 0 && written) return;
  auto failure = cannot_write(file);
  std::error_code ignored;
  if (std::filesystem::is_regular_file(file, ignored)) std::filesystem::remove(file, ignored);
  throw failure;
}

void write_private_file(const std::filesystem::path& file, ByteView content) {
  auto name = file.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC); // which makes it 0600
  const File stream(descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb"));
  if (!stream) throw cannot_write(file);
  const bool written = std::fwrite(content.data(), 1, content.size(), stream.get()) == content.size() &&
                       std::fflush(stream.get()) == 0 && ::fsync(descriptor) == 0;
  if (written && ::rename(name.c_str(), file.c_str()) == 0) return;
  auto failure = cannot_write(file);
  ::unlink(name.c_str());
  throw failure;
}

} // namespace twcard::cli
