#include "daemon/web/dialects/nhiicc/api.hpp"

#include "daemon/web/dialects/nhiicc/json.hpp"
#include "daemon/web/dialects/nhiicc/popup.hpp"
#include "daemon/web/dialects/shared/bitmap.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"
#include "daemon/web/dialects/shared/texts.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t random_size = 16;
constexpr std::uint32_t image_pixels = 1024;

struct Row {
  std::string_view path;
  NhiiccCommand command;
  const char* argument; // the member of the body; without one nothing of the body is looked at
};

constexpr std::array<Row, 6> rows = {{
    {"/api/GetVersion", NhiiccCommand::GetVersion, nullptr},
    {"/api/GetRandom", NhiiccCommand::GetRandom, nullptr},
    {"/api/GetBasic", NhiiccCommand::GetBasic, nullptr},
    {"/api/SignHC", NhiiccCommand::Sign, "random"},
    {"/api/EncryptPwd", NhiiccCommand::EncryptPassword, "pwd"},
    {"/api/GetEncryptBasic", NhiiccCommand::EncryptBasic, nullptr},
}};

// Nothing when the body is no JSON, or the member no text. Pages send the digits of GetRandom with the version in
// front, or without it, and mean the same.
std::optional<ScrubbedBytes> argument_of(const Row& row, std::string_view body) {
  if (row.argument == nullptr) return ScrubbedBytes();
  auto members = nhiicc_object(body);
  if (!members) return std::nullopt;
  if (!members->contains(row.argument)) return ScrubbedBytes();
  auto text = take_text(*members, row.argument);
  if (!text || row.command != NhiiccCommand::Sign || text->size() != random_size) return text;
  const bool only_random = as_text(*text).find_first_not_of("0123456789") == std::string_view::npos;
  if (only_random) text->insert(text->begin(), nhiicc::version.begin(), nhiicc::version.end());
  return text;
}

HttpResponse only_result(std::string_view code) {
  return json_response(json::serialize(json::object{{"result", code}}));
}

HttpResponse image_of(std::string_view code) {
  const json::object status{{"result", code}, {"version", nhiicc::version}};
  return {200, "image/bmp", bitmap_of(json::serialize(status), image_pixels), {}};
}

} // namespace

NhiiccApi::NhiiccApi(asio::any_io_executor executor, std::filesystem::path service_socket, std::set<std::string> sites)
    : m_links(std::move(executor), std::move(service_socket)), m_sites(std::move(sites)) {}

asio::awaitable<HttpResponse> NhiiccApi::answer(HttpRequest request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const bool is_get = request.method == "GET";
  if (path == "/auth.html" && !is_at_localhost(request)) co_return plain_refusal(404, texts::popup_at_localhost);
  if (path == "/auth.html") co_return is_get ? nhiicc_popup_page(m_sites) : plain_refusal(405, texts::get_only);
  if (path == "/auth.js") co_return is_get ? nhiicc_popup_script() : plain_refusal(405, texts::get_only);
  if (path == "/auth") co_return co_await answer_popup(std::move(request));
  // Nor is anybody without an origin: images, too, are for the sites of the list.
  if (!m_sites.contains(request.origin)) co_return plain_refusal(403, "this origin is not served");
  if (path == "/api/GetStatus.bmp" || path == "/api/GetCardStatus.bmp") {
    if (!is_get) co_return plain_refusal(405, texts::get_only);
    // Nobody is asked anything for an image: of cards it says what the site is told anyway.
    const bool gone = path == "/api/GetCardStatus.bmp" && card_is_gone(request.origin);
    co_return image_of(gone ? nhiicc::no_card : nhiicc::succeeded);
  }
  if (!path.starts_with("/api/")) co_return plain_refusal(404, "nothing here");
  if (is_get) co_return plain_refusal(405, "POST only");
  const auto* row = std::ranges::find(rows, path, &Row::path);
  if (row == rows.end()) co_return only_result(nhiicc::unknown_command);
  auto argument = argument_of(*row, request.body);
  wipe(request.body.data(), request.body.size()); // a password may be in it
  if (!argument) co_return only_result(nhiicc::unexpected);
  const auto answer = co_await nhiicc_answer(link_of(request.origin), row->command, std::move(*argument));
  co_return json_response(json::serialize(to_json(answer)));
}

asio::awaitable<HttpResponse> NhiiccApi::answer_popup(HttpRequest request) {
  const std::set<std::string> own_origins{nhiicc_http_origin, nhiicc_https_origin};
  const auto site = site_behind_popup(request, own_origins, m_sites);
  if (site.empty()) co_return plain_refusal(403, texts::site_not_allowed);
  const auto members = co_await nhiicc_popup_answer(link_of(site), std::move(request.body));
  co_return json_response(json::serialize(members));
}

std::shared_ptr<ServiceLink> NhiiccApi::link_of(const std::string& site) {
  auto link = m_links.link_of(site);
  auto& watch = m_watches[site];
  if (watch.link.lock() != link) {
    watch = {link, std::make_shared<bool>(false)};
    link->on_event([gone = watch.card_is_gone](const json::object& event) {
      const auto* type = event.if_contains("type");
      if (type == nullptr || !type->is_string()) return;
      if (type->get_string() == "card_removed") *gone = true;
      if (type->get_string() == "card_ready") *gone = false;
    });
  }
  *watch.card_is_gone = false;
  return link;
}

bool NhiiccApi::card_is_gone(const std::string& site) {
  const auto link = m_links.known_link_of(site);
  return link != nullptr && (link->is_lost() || *m_watches.at(site).card_is_gone);
}

} // namespace twcard::web
