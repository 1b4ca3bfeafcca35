#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"

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
  if (readers.empty()) tell(context, Text{"No reader; plug one in.", "沒有讀卡機，請接上。"}.in(context.language));
  std::string text;
  for (const auto& reader : readers)
    text += fmt::format("{}: {}\n", escaped(reader.at("name").as_string()),
                        describe_card(reader.at("card"), context.language));
  print(text);
  return ExitCode::Ok;
}

} // namespace

const Command readers_command{
    "readers",
    "",
    {"one line a reader: its name and the card in it", "每個讀卡機一行：名稱與其中的卡片"},
    {"Prints one line a reader. Its name is what --reader takes.", "每個讀卡機印一行；名稱可用於 --reader。"},
    {},
    0,
    run};

} // namespace twcard::cli
