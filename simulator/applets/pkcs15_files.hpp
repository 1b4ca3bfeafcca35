// The files of a card after ISO/IEC 7816-15:2016: EF.DIR, and an application with its directories and certificates.
// Numbers of sections are of that standard; of all its choices the layout takes some of each kind on purpose, so that a
// reader meets paths, parts of files and values in the directory itself.
#pragma once

#include "simulator/applets/hicos_files.hpp"

#include <cstdint>
#include <string>

namespace twcard::simulator {

inline constexpr const char* pkcs15_application_directory_file = "3F00/2F00";
inline constexpr const char* pkcs15_directory = "3F00/5015";
inline constexpr const char* pkcs15_certificate_directory_file = "3F00/5015/4403";
inline constexpr const char* pkcs15_signature_certificate_file = "3F00/5015/4301";

// A000000063504B43532D3135: "PKCS-15" under the identifier of RSA Laboratories.
[[nodiscard]] Bytes pkcs15_application_identifier();

// What the card computes with a key, as TokenInfo lists it and MSE SET names it.
inline constexpr std::uint8_t pkcs15_padding_algorithm = 0x11; // RSA with PKCS #1 v1.5 padding made by the card
inline constexpr std::uint8_t pkcs15_raw_algorithm = 0x10;     // RSA on a whole block

inline constexpr std::uint8_t pkcs15_pin_reference = 0x81;
inline constexpr std::size_t pkcs15_pin_field_octets = 12; // padded with 00

struct Pkcs15Contents {
  std::string label = "Simulated ISO 7816-15 card";
  Bytes serial_number;
  bool digits_only = true; // the PIN's kind: ascii-numeric, or UTF-8
  bool raw = false;        // the card lists RSA on a whole block too
  Bytes root;              // DER certificates
  Bytes issuing;
  Bytes encryption;
  Bytes signature;
  std::uint8_t encryption_key = 0; // references of the keys
  std::uint8_t signature_key = 0;
};

[[nodiscard]] FileTree pkcs15_files(const Pkcs15Contents& contents);

} // namespace twcard::simulator
