// The codes that a page of the HiPKI interface receives for an error. Source: docs/dialects/protocol.md, "HiPKI:
// codes". Pure.
#pragma once

#include "driver/base/error.hpp"

#include <cstdint>
#include <string_view>

namespace twcard::web::hipki {

// What an answer is to: its `func`, and the code of what has no other.
enum class AnswerKind { Information, Sign, Decrypt };

// `ret_code`, which pages know in hexadecimal.
enum class ReturnCode : std::uint32_t {
  Ok = 0,
  NoCard = 0x76000006,
  NotLoggedIn = 0x76000007,
  NotJson = 0x7600000B,
  BadParameter = 0x7600000C,
  NotExecuted = 0x7600000D, // or a deadline has passed
  Unsupported = 0x7600000E,
  ForbiddenDomain = 0x7600000F,
  UntrustedSite = 0x76000031,
  CancelledByUser = 0x76000999,
  NoTokenLibrary = 0x76100001, // here: no service that knows cards
  NoReader = 0x76100003,
  SessionFailed = 0x76100005,
  LoginFailed = 0x76100006,
  IdMismatch = 0x76210001,
  SignFailed = 0x76300001,
  DecryptFailed = 0x76400001,
  NotYetValid = 0x76500001,
  Expired = 0x76500002,
};

// `last_error`: what the card said of the PIN. Pages know 80000001 as the negative number of 32 bits.
enum class LastError : std::int32_t {
  None = 0,
  WrongPin = 0xA0,
  PinLength = 0xA2,
  PinLocked = 0xA4,
  OneTryLeft = -0x7FFFFFFF,
  TwoTriesLeft = -0x7FFFFFFE,
};

struct Codes {
  ReturnCode ret_code = ReturnCode::Ok;
  LastError last_error = LastError::None;
  friend bool operator==(const Codes&, const Codes&) = default;
};

[[nodiscard]] Codes codes_of(const Error& error, AnswerKind kind);
// For people, in Traditional Chinese; empty for None.
[[nodiscard]] std::string_view text_of(LastError error);

} // namespace twcard::web::hipki
