#include "driver/card/card.hpp"

namespace twcard::card {

std::string_view name_of(CardKind kind) {
  switch (kind) {
  case CardKind::Nhi: return "nhi";
  case CardKind::Hicos: return "hicos";
  }
  return "unknown";
}

} // namespace twcard::card
