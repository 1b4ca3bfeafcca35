#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/texts/cards.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

ExitCode run(const Context& context, const Arguments&) {
  auto service = connect(context);
  auto status = service.client.call("status").result;
  if (status.at("pcsc").as_string() != "ok") throw Error(Errc::NoPcsc, "");
  if (context.json) {
    print_json({{"readers", std::move(status.at("readers"))}});
    return ExitCode::Ok;
  }
  const auto& readers = status.at("readers").as_array();
  if (readers.empty()) tell(context, texts::readers::none);
  std::string text;
  for (const auto& reader : readers)
    text += fmt::format("{}: {}\n", escaped(reader.at("name").as_string()),
                        describe_card(reader.at("card"), context.language));
  print(text);
  return ExitCode::Ok;
}

} // namespace

const Command readers_command{"readers", "", texts::readers::summary, texts::readers::details, {}, 0, run};

} // namespace twcard::cli
