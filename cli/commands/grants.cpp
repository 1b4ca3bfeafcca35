#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/connection.hpp"
#include "rpc/vocabulary/nhi_field.hpp"
#include "rpc/vocabulary/operation.hpp"
#include "rpc/web_origin.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

using boost::json::object;

struct Reading {
  rpc::Operation operation;
  Text text;
};

constexpr std::array<Reading, 4> readings{
    {{rpc::Operation::NhiRead, {"read the NHI card", "讀取健保卡"}},
     {rpc::Operation::Certificates, {"read the certificates of the card", "讀取卡片中的憑證"}},
     {rpc::Operation::LegacyNhiRead, {"read the NHI card over an old interface", "透過舊式介面讀取健保卡"}},
     {rpc::Operation::LegacyTokens, {"list the cards over an old interface", "透過舊式介面列出卡片"}}}};

// Names that a newer service may have are shown as they are.
std::string reading_text(std::string_view name, rpc::Language language) {
  const auto* found = std::ranges::find(readings, name, [](const Reading& row) { return name_of(row.operation); });
  return found == readings.end() ? escaped(name) : std::string(found->text.in(language));
}

std::string field_text(std::string_view name, rpc::Language language) {
  const auto field = rpc::nhi_field_named(name);
  return field ? std::string(label_of(*field, language)) : escaped(name);
}

std::string fields_text(const object& grant, rpc::Language language) {
  const auto* fields = grant.if_contains("fields");
  if (fields == nullptr) return {};
  std::string text;
  for (const auto& field : fields->as_array()) {
    text += Text{text.empty() ? ": " : ", ", text.empty() ? "：" : "、"}.in(language);
    text += field_text(field.as_string(), language);
  }
  return text;
}

std::string card_text(const object& grant, rpc::Language language) {
  const auto& reader = grant.at("reader");
  if (reader.is_null()) return std::string(Text{"not in a reader now", "目前不在讀卡機中"}.in(language));
  return fmt::format("{} {}", Text{"in", "在讀卡機"}.in(language), escaped(reader.as_string()));
}

std::string describe(const object& grant, rpc::Language language) {
  const auto line = [language](Text label, const std::string& value) {
    return fmt::format("  {}{}\n", padded(label.in(language), 11), value);
  };
  return escaped(grant.at("site").as_string()) + "\n" +
         line({"may", "允許"},
              reading_text(grant.at("operation").as_string(), language) + fields_text(grant, language)) +
         line({"card", "卡片"}, card_text(grant, language)) +
         line({"since", "同意日期"}, escaped(grant.at("given").as_string())) +
         line({"last used", "最近使用"}, escaped(grant.at("used").as_string()));
}

ExitCode run(const Context& context, const Arguments&) {
  auto service = connect(context);
  auto answer = service.client.call("grants.list").result;
  if (context.json) {
    print_json(answer);
    return ExitCode::Ok;
  }
  const auto& grants = answer.at("grants").as_array();
  if (grants.empty()) {
    tell(context, Text{"No site may read a card without asking you.", "沒有任何網站可以不經詢問讀取卡片。"}.in(
                      context.language));
    return ExitCode::Ok;
  }
  std::string text;
  for (const auto& grant : grants) text += describe(grant.as_object(), context.language);
  print(text);
  tell(context, Text{"To take one back: twcard grants revoke ORIGIN", "收回：twcard grants revoke 網站來源"}.in(
                    context.language));
  return ExitCode::Ok;
}

object what_to_revoke(const Arguments& arguments) {
  const auto& sites = arguments.positionals();
  if (arguments.has("--all") == !sites.empty())
    throw usage_error("name the site, or --all: `twcard grants` lists them",
                      "請指定網站，或使用 --all；`twcard grants` 列出所有項目");
  if (sites.empty()) return {{"all", true}};
  const auto origin = rpc::parse_origin(sites.front(), true);
  if (!origin)
    throw usage_error(
        fmt::format("{}: no origin of a site; it looks like https://site.example", escaped(sites.front())),
        fmt::format("{}：不是網站的來源；格式如 https://site.example", escaped(sites.front())));
  return {{"site", *origin}};
}

ExitCode revoke(const Context& context, const Arguments& arguments) {
  auto what = what_to_revoke(arguments);
  auto service = connect(context);
  const auto answer = service.client.call("grants.revoke", std::move(what)).result;
  if (context.json) {
    print_json(answer);
    return ExitCode::Ok;
  }
  const auto count = answer.at("revoked").to_number<std::uint64_t>();
  tell(context,
       count == 0
           ? std::string(Text{"Nothing was remembered. What open pages had been allowed has ended.",
                              "沒有記住的同意；開啟中的網頁已取得的同意已失效。"}
                             .in(context.language))
           : fmt::format(
                 fmt::runtime(Text{"Taken back: {}. You will be asked again.", "已收回 {} 項，之後將再次詢問。"}.in(
                     context.language)),
                 count));
  return ExitCode::Ok;
}

} // namespace

const Command grants_command{
    "grants",
    "",
    {"sites that may read a card without asking", "列出可不經詢問讀取卡片的網站"},
    {"Lists the sites that you have allowed for good to read a card: what each may read, since when, and when it last\n"
     "did. Such a consent holds for one card, and ends when it is not used for 180 days. Signing and logging in are\n"
     "asked each time. To take one back: twcard grants revoke ORIGIN",
     "列出您已同意不再詢問即可讀取卡片的網站：可讀取的內容、同意日期與最近使用日期。\n"
     "每項同意僅適用於一張卡片，180 天未使用即失效；簽章與登入每次都會詢問。\n收回：twcard grants revoke 網站來源"},
    {},
    0,
    run};

const Command grants_revoke_command{
    "grants revoke",
    "ORIGIN | --all",
    {"take back what sites may read without asking", "收回網站不經詢問讀取卡片的同意"},
    {"Takes back all that this site (https://site.example), or with --all every site, may read without asking. It "
     "takes\n"
     "effect at once, for pages that are open, too.",
     "收回這個網站（https://site.example）不經詢問讀取卡片的所有同意；--all 收回所有網站的同意。\n"
     "立即生效，開啟中的網頁亦同。"},
    {{"--all", "", {"of every site", "所有網站"}}},
    0,
    revoke,
    1};

} // namespace twcard::cli
