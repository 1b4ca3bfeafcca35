#include "daemon/card/readers/unique_names.hpp"

#include "driver/card/certificate/validity.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <set>

namespace twcard::service {

namespace {

using Numbered = std::function<std::string(const std::string& name, unsigned number)>;

std::string with_dash(const std::string& name, unsigned number) {
  return fmt::format("{}-{}", name, number);
}
std::string with_octet(const std::string& name, unsigned number) {
  return fmt::format("{}{:02X}", name, number);
}

void make_unique(std::string& name, std::set<std::string>& taken, const Numbered& numbered) {
  auto unique = name;
  for (unsigned number = 2; taken.contains(unique); ++number) unique = numbered(name, number);
  taken.insert(unique);
  name = std::move(unique);
}

} // namespace

void make_names_unique(Snapshot& snapshot, std::string_view now) {
  std::vector<TokenCertificate*> order;
  for (auto& certificate : snapshot.certificates) order.push_back(&certificate);
  std::stable_partition(order.begin(), order.end(),
                        [now](const auto* each) { return card::is_valid_at(each->info, now); });

  const bool hexadecimal = snapshot.kind == card::CardKind::Pkcs15 || snapshot.kind == card::CardKind::Vendor;
  std::set<std::string> ids;
  std::set<std::string> labels;
  for (auto* certificate : order) {
    auto& [role, id, label, der, key] = certificate->on_card;
    if (id.empty()) id = "00";
    make_unique(id, ids, hexadecimal ? with_octet : with_dash);
    if (!label.empty()) make_unique(label, labels, with_dash);
  }
}

} // namespace twcard::service
