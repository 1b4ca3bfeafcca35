#include "cli/texts/setup.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/system/files.hpp"
#include "cli/system/nss_databases.hpp"
#include "cli/system/person_folders.hpp"
#include "cli/system/setup_places.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace twcard::cli {

namespace {

using std::filesystem::path;

constexpr auto module_name = "twcard";
constexpr std::size_t max_module_file = 4096;
// p11-kit's own folder, whatever prefix this program is installed to.
constexpr auto p11_kit_of_everybody = "/usr/share/p11-kit/modules/twcard.module";

// Beside this program in a build tree, else where it is installed: TWCARD_MODULE_FOLDER is relative to the program.
path find_module() {
  constexpr auto file = "twcard-pkcs11.so";
  std::error_code ignored;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  const auto own = folder / file;
  return ::access(own.c_str(), R_OK) == 0 ? own : (folder / TWCARD_MODULE_FOLDER / file).lexically_normal();
}

path chosen_module(const Arguments& arguments) {
  const auto given = arguments.value("--module");
  auto module = given ? std::filesystem::absolute(*given) : find_module();
  if (::access(module.c_str(), R_OK) != 0) throw cannot_read(module);
  // It goes into files of lines.
  if (module.string().find_first_of("\n\"") != std::string::npos) throw usage_error(texts::setup::unusable_module_path);
  return module;
}

std::string p11_kit_text(const path& module) {
  return fmt::format("# Made by `twcard setup`; `twcard setup --undo` removes it.\nmodule: {}\n", module.string());
}

bool has_text(const path& file, std::string_view text) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return false;
  const auto content = read_file(file, max_module_file);
  return as_text(content).find(text) != std::string_view::npos;
}

State register_with_p11_kit(const path& file, const path& module) {
  if (has_text(p11_kit_of_everybody, fmt::format("module: {}\n", module.string()))) return State::ForEverybody;
  const auto text = p11_kit_text(module);
  if (has_text(file, text)) return State::AlreadyRegistered;
  make_folder(file.parent_path());
  write_file(file, as_bytes(text), true);
  return State::Registered;
}

State register_with_nss(const Modutil& modutil, const path& database, const path& module) {
  const auto known = modutil.library_of(database, module_name);
  if (known == module.string()) return State::AlreadyRegistered;
  if (!known && modutil.has_library(database, "p11-kit-proxy.so")) return State::ThroughP11Kit;
  if (known) modutil.remove(database, module_name);
  modutil.add(database, module_name, module);
  return State::Registered;
}

State remove_from_nss(const Modutil& modutil, const path& database) {
  if (!modutil.library_of(database, module_name)) return State::NotRegistered;
  modutil.remove(database, module_name);
  return State::Removed;
}

std::vector<Place> work(const Context& context, const std::optional<path>& module) {
  std::vector<Place> places;
  const auto p11_kit_file = config_folder() / "pkcs11/modules/twcard.module";
  places.push_back(attempt(context, "p11-kit", p11_kit_file, [&] {
    return module ? register_with_p11_kit(p11_kit_file, *module) : remove_file(p11_kit_file);
  }));
  for (const auto& database : nss_databases())
    places.push_back(attempt(context, database.program, database.folder, [&] {
      const Modutil modutil;
      return module ? register_with_nss(modutil, database.folder, *module) : remove_from_nss(modutil, database.folder);
    }));
  return places;
}

void print_answer(const Context& context, const std::optional<path>& module, const std::vector<Place>& places) {
  if (context.json) {
    boost::json::object answer{{"places", places_form(places)}};
    if (module) answer["module"] = module->string();
    print_json(answer);
    return;
  }
  print_places(context, places);
  tell(context, texts::setup::restart_browsers);
}

ExitCode run(const Context& context, const Arguments& arguments) {
  refuse_sudo();
  std::optional<path> module;
  if (!arguments.has("--undo")) module = chosen_module(arguments);
  const auto places = work(context, module);
  print_answer(context, module, places);
  return exit_code_of(places);
}

} // namespace

const Command setup_command{"setup",
                            "[--undo] [--module FILE]",
                            texts::setup::summary,
                            texts::setup::details,
                            {{"--undo", "", texts::setup::undo}, {"--module", "FILE", texts::setup::module}},
                            0,
                            run};

} // namespace twcard::cli
