#include "daemon/card/permission/grants.hpp"

#include "driver/base/error.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/nhi_field.hpp"
#include "rpc/web_origin.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <fmt/format.h>

namespace twcard::service {

namespace json = boost::json;
using std::chrono::sys_days;

namespace {

constexpr std::size_t max_file_octets = 256 * 1024;
constexpr std::size_t hash_octets = 32;
constexpr std::size_t max_name = 32;

[[noreturn]] void damaged() {
  throw Error(Errc::BadRequest, "not a file of grants");
}

Operation operation_named(std::string_view name) {
  const auto operation = rpc::operation_named(name);
  if (!operation || !is_reading(*operation)) damaged();
  return *operation;
}

template <typename Number>
Number number_in(std::string_view digits) {
  Number number{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) damaged();
  return number;
}

sys_days day_of(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') damaged();
  const std::string_view view(text);
  const std::chrono::year_month_day date{std::chrono::year(number_in<std::uint16_t>(view.substr(0, 4))),
                                         std::chrono::month(number_in<std::uint8_t>(view.substr(5, 2))),
                                         std::chrono::day(number_in<std::uint8_t>(view.substr(8, 2)))};
  if (!date.ok()) damaged();
  return date;
}

std::vector<std::string> in_order(const std::vector<std::string>& fields) {
  std::vector<std::string> ordered;
  for (const auto field : rpc::nhi_fields)
    if (std::ranges::find(fields, name_of(field)) != fields.end()) ordered.emplace_back(name_of(field));
  return ordered;
}

Grant grant_of(const json::object& form) {
  rpc::only_members(form, {"origin", "operation", "card", "fields", "given", "used"});
  Grant grant;
  grant.origin = rpc::required_string(form, "origin", rpc::max_origin_size);
  grant.operation = operation_named(rpc::required_string(form, "operation", max_name));
  const auto card = from_hex(rpc::required_string(form, "card", 2 * hash_octets));
  if (!rpc::is_origin(grant.origin) || !card || card->size() != hash_octets) damaged();
  grant.card = *card;
  if (grant.operation == Operation::NhiRead) {
    const auto fields = rpc::required_strings(form, "fields", rpc::nhi_fields.size(), max_name);
    grant.fields = in_order(fields);
    if (fields.empty() || grant.fields.size() != fields.size()) damaged();
  } else if (form.contains("fields")) {
    damaged();
  }
  grant.given = day_of(rpc::required_string(form, "given", max_name));
  grant.used = day_of(rpc::required_string(form, "used", max_name));
  if (grant.used < grant.given) damaged();
  return grant;
}

json::object form_of(const Grant& grant) {
  json::object form{{"origin", grant.origin}, {"operation", name_of(grant.operation)}, {"card", to_hex(grant.card)}};
  if (grant.operation == Operation::NhiRead) form["fields"] = json::array(grant.fields.begin(), grant.fields.end());
  form["given"] = day_text(grant.given);
  form["used"] = day_text(grant.used);
  return form;
}

bool is_for(const Grant& grant, const ConsentQuestion& question) {
  return grant.origin == question.caller.origin && grant.operation == question.operation;
}

bool is_covered(const Grant& grant, const ConsentQuestion& question) {
  const auto granted = [&grant](const std::string& field) {
    return std::ranges::find(grant.fields, field) != grant.fields.end();
  };
  return is_for(grant, question) && std::ranges::all_of(question.fields, granted);
}

} // namespace

std::string day_text(sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

sys_days Grants::today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

Grants::Grants(std::filesystem::path folder, Today today_is)
    : m_folder(std::move(folder)), m_today(std::move(today_is)) {
  const auto content = m_folder.read(file_name, max_file_octets);
  if (!content) return;
  try {
    m_grants = read(*content);
  } catch (const std::exception&) {
    m_folder.set_aside(file_name);
  }
}

std::deque<Grant> Grants::read(ByteView content) const {
  const auto parsed = json::parse(as_text(content));
  const auto& file = parsed.as_object();
  rpc::only_members(file, {"grants"});
  std::deque<Grant> grants;
  for (const auto& value : file.at("grants").as_array()) {
    if (grants.size() == max_grants) damaged();
    auto grant = grant_of(value.as_object());
    // Of a time when the clock was wrong: it would not end.
    grant.used = std::min(grant.used, m_today());
    grant.given = std::min(grant.given, grant.used);
    grants.push_back(std::move(grant));
  }
  return grants;
}

bool Grants::write() {
  std::erase_if(m_grants, [this](const Grant& grant) { return !alive(grant); });
  json::array forms;
  for (const auto& grant : m_grants) forms.push_back(form_of(grant));
  const auto text = json::serialize(json::object{{"grants", std::move(forms)}}) + "\n";
  return m_folder.write(file_name, as_bytes(text));
}

bool Grants::may_hold(const ConsentQuestion& question) {
  return question.caller.origin && rpc::is_origin(*question.caller.origin) && is_reading(question.operation);
}

bool Grants::alive(const Grant& grant) const {
  return m_today() - grant.used <= unused_limit;
}

bool Grants::cover_for_some_card(const ConsentQuestion& question) const {
  return may_hold(question) &&
         std::ranges::any_of(m_grants, [&](const Grant& grant) { return is_covered(grant, question) && alive(grant); });
}

bool Grants::cover(const ConsentQuestion& question, const Bytes& card) const {
  return may_hold(question) && !card.empty() && std::ranges::any_of(m_grants, [&](const Grant& grant) {
           return grant.card == card && is_covered(grant, question) && alive(grant);
         });
}

std::deque<Grant>::iterator Grants::find(const ConsentQuestion& question, const Bytes& card) {
  return std::ranges::find_if(
      m_grants, [&](const Grant& grant) { return grant.card == card && is_for(grant, question) && alive(grant); });
}

void Grants::used(const ConsentQuestion& question, const Bytes& card) {
  const auto found = find(question, card);
  if (found == m_grants.end() || found->used == m_today()) return;
  found->used = m_today();
  std::rotate(found, std::next(found), m_grants.end());
  write();
}

void Grants::give(const ConsentQuestion& question, const Bytes& card) {
  if (!may_hold(question) || card.empty()) return;
  Grant grant{*question.caller.origin, question.operation, card, {}, m_today(), m_today()};
  auto fields = question.fields;
  if (const auto before = find(question, card); before != m_grants.end()) {
    fields.insert(fields.end(), before->fields.begin(), before->fields.end());
    grant.given = std::min(before->given, grant.given);
  }
  grant.fields = in_order(fields);
  std::erase_if(m_grants, [&](const Grant& each) { return each.card == card && is_for(each, question); });
  if (m_grants.size() == max_grants) m_grants.pop_front();
  m_grants.push_back(std::move(grant));
  write();
}

std::vector<Grant> Grants::all() const {
  std::vector<Grant> grants;
  std::ranges::copy_if(m_grants, std::back_inserter(grants), [this](const Grant& grant) { return alive(grant); });
  std::ranges::stable_sort(grants, {}, &Grant::origin);
  return grants;
}

std::size_t Grants::revoke(const std::optional<std::string>& origin) {
  ++m_revocations;
  const auto meant = [&origin](const Grant& grant) { return !origin || grant.origin == *origin; };
  const auto before = all();
  const auto count = static_cast<std::size_t>(std::ranges::count_if(before, meant));
  if (std::erase_if(m_grants, meant) != 0 && !write() && !m_folder.remove(file_name))
    throw Error(Errc::Internal, fmt::format("{}: cannot be written or removed; until it is, what it holds counts again "
                                            "when twcardd is restarted",
                                            file_name));
  return count;
}

} // namespace twcard::service
