#include "daemon/web/legacy/settings.hpp"

#include "daemon/web/front/origin_policy.hpp"
#include "driver/base/descriptor.hpp"
#include "driver/base/error.hpp"
#include "rpc/params.hpp"

#include <boost/json/parse.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::web {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t max_file_size = 64 * 1024;
constexpr std::size_t max_depth = 4;
constexpr std::size_t max_origins = 256;

[[noreturn]] void bad(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

std::set<std::string> origins_of(const json::object& members, std::string_view name) {
  std::set<std::string> origins;
  for (const auto& text : rpc::required_strings(members, name, max_origins, max_origin_size)) {
    const auto origin = parse_origin(text, false);
    if (!origin || *origin != text)
      bad(std::string(name) + ": \"" + text + "\" is not an origin like https://page.example");
    origins.insert(text);
  }
  return origins;
}

LegacyDialect dialect_of(const json::object& members, bool may_have_page_pins) {
  if (may_have_page_pins)
    rpc::only_members(members, {"origins", "page_pins"});
  else
    rpc::only_members(members, {"origins"});
  LegacyDialect dialect{origins_of(members, "origins"), {}};
  if (members.contains("page_pins")) dialect.page_pins = origins_of(members, "page_pins");
  for (const auto& origin : dialect.page_pins)
    if (!dialect.origins.contains(origin)) bad("page_pins: " + origin + " is not one of the origins");
  return dialect;
}

std::optional<LegacyDialect> dialect_named(const json::object& settings, std::string_view name, bool page_pins) {
  if (!settings.contains(name)) return std::nullopt;
  try {
    return dialect_of(rpc::optional_object(settings, name), page_pins);
  } catch (const Error& error) {
    bad(std::string(name) + ": " + error.what());
  }
}

std::string text_of(const Descriptor& file) {
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) bad("is not a file");
  if (facts.st_uid != ::geteuid()) bad("belongs to another user");
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) bad("others may write it (mode 0600 is needed)");
  std::string text(max_file_size + 1, '\0');
  const auto size = ::read(file.get(), text.data(), text.size());
  if (size < 0) bad("cannot be read");
  if (static_cast<std::size_t>(size) > max_file_size) bad("more than 64 KiB");
  text.resize(static_cast<std::size_t>(size));
  return text;
}

} // namespace

LegacySettings parse_legacy_settings(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code failure;
  const auto value = json::parse({text.data(), text.size()}, failure, {}, options);
  if (failure || !value.is_object()) bad("not an object in JSON");
  const auto& settings = value.get_object();
  rpc::only_members(settings, {"nhiicc", "hipki"});
  return {dialect_named(settings, "nhiicc", false), dialect_named(settings, "hipki", true)};
}

fs::path legacy_settings_file(const fs::path& folder) {
  return folder / "legacy.json";
}

LegacySettings read_legacy_settings(const fs::path& folder) {
  const auto path = legacy_settings_file(folder);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) return {};
  try {
    if (!file.is_open()) bad("cannot be read");
    return parse_legacy_settings(text_of(file));
  } catch (const Error& error) {
    bad(path.string() + ": " + error.what());
  }
}

} // namespace twcard::web
