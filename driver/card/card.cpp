#include "driver/card/card.hpp"

namespace twcard::card {

std::string_view name_of(CardKind kind) {
  switch (kind) {
  case CardKind::Nhi: return "nhi";
  case CardKind::Hicos: return "hicos";
  case CardKind::Gpki: return "gpki";
  case CardKind::Pkcs15: return "pkcs15";
  case CardKind::Vendor: return "vendor";
  }
  return "unknown";
}

bool has_keys(CardKind kind) {
  switch (kind) {
  case CardKind::Nhi: return false;
  case CardKind::Hicos:
  case CardKind::Gpki:
  case CardKind::Pkcs15:
  case CardKind::Vendor: return true;
  }
  return false;
}

} // namespace twcard::card
