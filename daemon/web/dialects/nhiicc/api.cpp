#include "daemon/web/dialects/nhiicc/api.hpp"

#include "daemon/web/dialects/nhiicc/json.hpp"
#include "daemon/web/dialects/nhiicc/popup.hpp"
#include "daemon/web/dialects/shared/bitmap.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"
#include "daemon/web/dialects/shared/texts.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t random_size = 16;
constexpr std::uint32_t image_pixels = 1024;

// Of the body; empty: nothing of it is looked at.
std::string_view member_of(NhiiccArgument argument) {
  switch (argument) {
  case NhiiccArgument::None: return "";
  case NhiiccArgument::Random: return "random";
  case NhiiccArgument::Password: return "pwd";
  }
  return "";
}

// Nothing when the body is no JSON, or the member no text. Pages send the digits of GetRandom with the version in
// front, or without it, and mean the same.
std::optional<ScrubbedBytes> argument_of(const NhiiccCommand& command, std::string_view body) {
  const auto name = member_of(command.argument);
  if (name.empty()) return ScrubbedBytes();
  auto members = nhiicc_object(body);
  if (!members) return std::nullopt;
  if (!members->contains(name)) return ScrubbedBytes();
  auto text = take_text(*members, name);
  if (!text || command.argument != NhiiccArgument::Random || text->size() != random_size) return text;
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

NhiiccApi::NhiiccApi(asio::any_io_executor executor, std::filesystem::path service_socket, rpc::LegacySites sites)
    : m_links(std::move(executor), std::move(service_socket)), m_sites(std::move(sites)) {}

asio::awaitable<HttpResponse> NhiiccApi::answer(HttpRequest request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const bool is_get = request.method == "GET";
  if (path == "/auth.html" && !is_at_localhost(request)) co_return plain_refusal(404, texts::popup_at_localhost);
  if (path == "/auth.html") co_return is_get ? nhiicc_popup_page(m_sites) : plain_refusal(405, texts::get_only);
  if (path == "/auth.js") co_return is_get ? nhiicc_popup_script() : plain_refusal(405, texts::get_only);
  if (path == "/auth") co_return co_await answer_popup(std::move(request));
  // Nor is anybody without an origin: images are also for the sites of the list only.
  if (!m_sites.allows(request.origin)) co_return plain_refusal(403, "this origin is not served");
  if (path == "/api/GetStatus.bmp" || path == "/api/GetCardStatus.bmp") {
    if (!is_get) co_return plain_refusal(405, texts::get_only);
    // Nobody is asked anything for an image: it says nothing about cards that the site does not learn anyway.
    const bool gone = path == "/api/GetCardStatus.bmp" && card_is_gone(request.origin);
    co_return image_of(gone ? nhiicc::no_card : nhiicc::succeeded);
  }
  if (!path.starts_with("/api/")) co_return plain_refusal(404, "nothing here");
  if (is_get) co_return plain_refusal(405, "POST only");
  const auto* command = std::ranges::find(nhiicc_commands, path, &NhiiccCommand::path);
  if (command == nhiicc_commands.end()) co_return only_result(nhiicc::unknown_command);
  auto argument = argument_of(*command, request.body);
  wipe(request.body.data(), request.body.size()); // a password may be in it
  if (!argument) co_return only_result(nhiicc::unexpected);
  const auto answer = co_await nhiicc_answer(link_of(request.origin), *command, std::move(*argument));
  co_return json_response(json::serialize(to_json(answer)));
}

asio::awaitable<HttpResponse> NhiiccApi::answer_popup(HttpRequest request) {
  const auto site = site_behind_popup(request, {rpc::nhiicc_http_origin, rpc::nhiicc_https_origin}, m_sites);
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
