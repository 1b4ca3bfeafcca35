// The files of a citizen certificate card, as docs/cards/citizen.md lists them: a directory that is like PKCS#15 and is
// not quite it. Both generations have the same, under another root.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace twcard::simulator {

// Content of every transparent file by its path of file identifiers, "3F00/5030/08F2". Directories are the prefixes.
using FileTree = std::map<std::string, Bytes>;

// The record files of keys (5030/0810 and 0811) are no part of the tree: their content follows from the keys.
inline constexpr const char* certificate_directory_file = "/5030/4104";
inline constexpr const char* certificate_file = "/5030/08F2";

// Where each certificate lies in the certificate file.
inline constexpr std::size_t root_offset = 0x0000;
inline constexpr std::size_t issuing_offset = 0x0700;
inline constexpr std::size_t encryption_offset = 0x0E00;
inline constexpr std::size_t signature_offset = 0x1500;
inline constexpr std::size_t certificate_slot_octets = 0x0700;

// A certificate of the holder or of a CA beside the usual four, in the places after theirs.
struct HicosCertificate {
  std::string id;
  std::string label;
  Bytes der;
};

// A key beside the usual two, for signatures.
struct HicosKey {
  std::string id;
  std::string label;
  std::uint8_t reference = 0;
};

struct HicosContents {
  std::string root_directory = "3F00"; // generation 2: "7FFF"
  std::string card_number;             // 16 characters
  Bytes root;                          // DER certificates, each at most certificate_slot_octets
  Bytes issuing;
  Bytes encryption;
  Bytes signature;
  std::uint8_t encryption_key = 0; // references of the keys
  std::uint8_t signature_key = 0;
  std::vector<HicosCertificate> more_certificates;
  std::vector<HicosKey> more_keys;
  std::string version = "CHT V32N simulated";
  std::string root_label = "ROOTCACert";
  std::string issuing_label = "CACert";
  bool access_flags = true;
  // So many octets of older certificates lie after those of today, and their lengths stand in the directory.
  std::size_t remains = 0;
};

// Throws Error(BadRequest) when a certificate does not fit.
[[nodiscard]] FileTree hicos_files(const HicosContents& contents);

// The record of 129 octets that READ RECORD gives for a key: number `index` (0 to 3) of the four that it has, under the
// record number `record`. 0 holds the exponent, 2 and 3 the modulus in reversed order of its 32-bit words.
[[nodiscard]] Bytes key_record(std::uint8_t record, unsigned index, ByteView modulus, std::uint32_t exponent);

} // namespace twcard::simulator
