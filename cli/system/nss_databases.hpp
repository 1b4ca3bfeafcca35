// The certificate databases of Chromium, Firefox and Thunderbird (NSS, the "sql:" form), and the modules in them.
//
// Where they are: Chromium reads ~/.local/share/pki/nssdb, but only ~/.pki/nssdb if that exists. Mozilla's programs
// have one a profile; profiles.ini in their folder lists them. What is sandboxed (snap, Flatpak) cannot load a module
// and is left out.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twcard::cli {

struct NssDatabase {
  std::string_view program; // "Chromium", "Firefox", "Thunderbird"
  std::filesystem::path folder;
};

// The person's databases: all profiles that are there, and for Chromium one at least, whether it exists or not.
// From HOME, XDG_DATA_HOME and XDG_CONFIG_HOME; a Failure when there is no HOME.
[[nodiscard]] std::vector<NssDatabase> nss_databases();

// NSS's modutil, which changes the databases. Programs that run see the change at their next start.
class Modutil final {
public:
  // A Failure that names the package when modutil is not installed.
  Modutil();

  // The library that `name` is registered with in this database; nullopt when it is not there, or the database is not.
  [[nodiscard]] static std::optional<std::string> library_of(const std::filesystem::path& database,
                                                             const std::string& name);
  // Whether any module's library is a file of this name, in whatever folder.
  [[nodiscard]] static bool has_library(const std::filesystem::path& database, std::string_view file);
  // Makes the database when there is none. The others throw a Failure with modutil's own words.
  void add(const std::filesystem::path& database, const std::string& name, const std::filesystem::path& library) const;
  void remove(const std::filesystem::path& database, const std::string& name) const;

private:
  void run(const std::filesystem::path& database, std::vector<std::string> arguments) const;

  std::filesystem::path m_program;
};

// NSS's certutil, for the certificates in the databases. Throws like Modutil. A database with a primary password cannot
// be given a trusted certificate from here: certutil would ask for it.
class Certutil final {
public:
  Certutil();

  // The certificate of this name as PEM with line feeds; nullopt when it is not there, or the database is not.
  [[nodiscard]] std::optional<std::string> certificate(const std::filesystem::path& database,
                                                       const std::string& name) const;
  // As an authority for TLS servers and nothing else. Makes the database when there is none.
  void trust_for_servers(const std::filesystem::path& database, const std::string& name,
                         const std::filesystem::path& pem_file) const;
  // All certificates of this name.
  void remove(const std::filesystem::path& database, const std::string& name) const;

private:
  void run(const std::filesystem::path& database, std::vector<std::string> arguments) const;

  std::filesystem::path m_program;
};

} // namespace twcard::cli
