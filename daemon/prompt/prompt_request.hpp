// What twcardd wants a person to be asked, checked and typed. Source: docs/service-protocol.md, "twcard-prompt".
// Paths and names are still untrusted text: wording.cpp makes them fit to be shown.
#pragma once

#include "driver/base/bytes.hpp"
#include "rpc/vocabulary/nhi_field.hpp"
#include "rpc/vocabulary/operation.hpp"
#include "rpc/vocabulary/prompt_forms.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

namespace twcard::prompt {

using rpc::Caller;
using rpc::CardPlace;
using rpc::Consent;
using rpc::NhiField;
using rpc::Operation;

// What is not given is taken from this program's own environment; but a terminal that comes without a display is asked
// on the terminal, not on a screen that its user may not sit at.
using rpc::Surface;

struct ConsentRequest {
  Caller caller;
  Operation operation = Operation::NhiRead;
  std::vector<NhiField> fields;   // NhiRead: 1 to 8
  std::string hash_function;      // Sign, LegacySign
  Bytes hash;                     // the same: 20 to 64 octets
  bool may_be_remembered = false; // the consent may be permanent: of a site, to read
  std::optional<CardPlace> card;
  Surface surface;
};

struct PinRequest {
  Caller caller;
  Operation operation = Operation::Authenticate;
  std::optional<CardPlace> card;
  std::optional<int> tries_left;              // nullopt: not known
  std::size_t min_length = 0, max_length = 0; // octets, 1 to 64
  Surface surface;
};

// Whether a PIN try may be used after which a wrong PIN locks the card.
struct LastTryRequest {
  Caller caller;
  std::optional<CardPlace> card;
  Surface surface;
};

// Which of these cards is to be used: 1 to 16.
struct CardRequest {
  Caller caller;
  std::vector<CardPlace> cards;
  Surface surface;
};

// All throw Error(BadRequest) that names the member.
[[nodiscard]] ConsentRequest consent_request_of(const boost::json::object& params);
[[nodiscard]] PinRequest pin_request_of(const boost::json::object& params);
[[nodiscard]] LastTryRequest last_try_request_of(const boost::json::object& params);
[[nodiscard]] CardRequest card_request_of(const boost::json::object& params);

} // namespace twcard::prompt
