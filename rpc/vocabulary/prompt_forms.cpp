#include "rpc/vocabulary/prompt_forms.hpp"

#include "driver/base/error.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"
#include "rpc/web_origin.hpp"

#include <array>
#include <limits>

namespace twcard::rpc {

namespace json = boost::json;

namespace {

constexpr std::size_t max_path_size = 4096;
constexpr std::size_t max_name_size = 256;

struct SurfaceMember {
  std::string_view name;
  std::optional<std::string> Surface::*value;
};
constexpr std::array<SurfaceMember, 6> surface_members = {{{"language", &Surface::language},
                                                           {"display", &Surface::display},
                                                           {"wayland_display", &Surface::wayland_display},
                                                           {"xauthority", &Surface::xauthority},
                                                           {"tty", &Surface::tty},
                                                           {"term", &Surface::term}}};

bool is_true(const json::object& result, std::string_view name) {
  const auto* value = result.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

} // namespace

std::optional<std::string> origin_in(const json::object& params) {
  auto origin = optional_string(params, "origin", max_origin_size);
  if (origin && !is_origin(*origin)) throw Error(Errc::BadRequest, "origin: not a web origin in its ASCII form");
  return origin;
}

json::object form_of(const Caller& caller) {
  if (caller.origin) return {{"origin", *caller.origin}};
  return {{"program", caller.program}, {"pid", caller.pid}};
}

Caller caller_in(const json::object& params) {
  const auto form = optional_object(params, "caller");
  if (form.empty()) throw Error(Errc::BadRequest, "caller: missing");
  Caller caller;
  caller.origin = origin_in(form);
  if (caller.origin) return caller;
  caller.program = required_string(form, "program", max_path_size);
  caller.pid = static_cast<pid_t>(required_number(form, "pid", 0, std::numeric_limits<pid_t>::max()));
  return caller;
}

json::object form_of(const CardPlace& card) {
  json::object form{{"kind", card.kind}, {"holder", card.holder}, {"reader", card.reader}};
  if (!card.owner.empty()) form["owner"] = card.owner;
  return form;
}

CardPlace card_place_in(const json::object& form) {
  const auto text = [&form](std::string_view name) { return optional_string(form, name, max_name_size).value_or(""); };
  return {text("kind"), text("holder"), text("reader"), text("owner")};
}

json::object form_of(const Surface& surface) {
  json::object form;
  for (const auto& member : surface_members)
    if (const auto& value = surface.*member.value) form[member.name] = *value;
  return form;
}

Surface surface_in(const json::object& params) {
  const auto form = optional_object(params, "ui");
  only_members(form, {"language", "display", "wayland_display", "xauthority", "tty", "term"});
  Surface surface;
  for (const auto& member : surface_members)
    if (auto value = optional_string(form, member.name, max_surface_value); value && !value->empty())
      surface.*member.value = std::move(*value);
  return surface;
}

json::object form_of(Consent consent) {
  return {{"approved", consent != Consent::Refused}, {"remember", consent == Consent::Always}};
}

Consent consent_in(const json::object& result) {
  if (!is_true(result, "approved")) return Consent::Refused;
  return is_true(result, "remember") ? Consent::Always : Consent::Once;
}

} // namespace twcard::rpc
