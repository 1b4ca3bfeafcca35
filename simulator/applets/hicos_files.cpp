#include "simulator/applets/hicos_files.hpp"

#include "driver/base/error.hpp"
#include "simulator/crypto/der.hpp"

#include <algorithm>
#include <string_view>

namespace twcard::simulator {

namespace {

constexpr std::size_t directory_octets = 512;
constexpr std::size_t record_octets = 128;
constexpr std::size_t word_octets = 4;

// Context tags of PKCS#15, RSA Laboratories v1.1 section 6.
constexpr std::uint8_t tag_0_primitive = 0x80;
constexpr std::uint8_t tag_0_constructed = 0xA0;
constexpr std::uint8_t tag_1_constructed = 0xA1;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes path(const std::string& root, const char* below) {
  return *from_hex(root + below);
}

// Content, padding, and the length of the content, little-endian, in the last two octets.
Bytes directory_file(const Bytes& content, std::uint8_t padding) {
  if (content.size() + 2 > directory_octets) throw Error(Errc::Internal, "directory file too small");
  Bytes file = content;
  file.resize(directory_octets, padding);
  file[directory_octets - 2] = static_cast<std::uint8_t>(content.size() & 0xFF);
  file[directory_octets - 1] = static_cast<std::uint8_t>(content.size() >> 8);
  return file;
}

Bytes token_info(const std::string& card_number) {
  return der::sequence({
      der::integer(0), der::octet_string(as_bytes(card_number)), der::utf8_string("twcard simulator"),
      // PKCS#15 wants an implicit tag here; the card has an explicit one.
      der::element(tag_0_constructed, {der::utf8_string("HiCOS PKI Smart Card")}),
      der::named_bits({1, 2}), // login required, generates random numbers
  });
}

Bytes certificate_entry(const std::string& root, const char* id, const char* label, std::size_t offset,
                        std::size_t length) {
  const bool authority = std::string_view(id).ends_with("CACert");
  const auto value = der::sequence({
      der::octet_string(path(root, "503008F2")),
      der::integer(static_cast<std::uint32_t>(offset)),
      der::element(tag_0_primitive, {der::integer_content(static_cast<std::uint32_t>(length))}),
  });
  const auto class_attributes = authority ? der::sequence({der::octet_string(as_bytes(id)), der::boolean(true)})
                                          : der::sequence({der::octet_string(as_bytes(id))});
  return der::sequence({
      der::sequence({der::utf8_string(label)}),
      class_attributes,
      der::element(tag_1_constructed, {der::sequence({value})}),
  });
}

struct KeyEntry {
  const std::string& root;
  const char* label;
  const char* id;
  std::uint8_t reference;
  Bytes private_usage;
  Bytes public_usage;
};

Bytes key_attributes(const std::string& root) {
  return der::element(tag_1_constructed, {der::sequence({
                                             der::sequence({der::octet_string(path(root, "50300810"))}),
                                             der::integer(2048),
                                         })});
}

Bytes private_key_entry(const KeyEntry& key) {
  return der::sequence({
      der::sequence({der::utf8_string(key.label), der::named_bits({0}), der::octet_string(Bytes{0x01})}),
      der::sequence({
          der::octet_string(as_bytes(key.id)),
          key.private_usage,
          der::named_bits({0, 2, 3}), // sensitive, always sensitive, never extractable
          der::integer(key.reference),
      }),
      key_attributes(key.root),
  });
}

Bytes public_key_entry(const KeyEntry& key) {
  return der::sequence({
      der::sequence({der::utf8_string(key.label)}),
      der::sequence({der::octet_string(as_bytes(key.id)), key.public_usage, der::integer(key.reference)}),
      key_attributes(key.root),
  });
}

Bytes pin_entry(const std::string& root) {
  return der::sequence({
      der::sequence({der::utf8_string("PIN"), der::named_bits({0})}),
      der::sequence({der::octet_string(Bytes{0x01})}),
      der::element(tag_1_constructed, {der::sequence({
                                          der::named_bits({1, 4, 5}), // local, initialised, needs padding
                                          Bytes{0x0A, 0x01, 0x01},    // ENUMERATED ascii-numeric
                                          der::integer(6),            // shortest
                                          der::integer(10),           // stored
                                          der::integer(8),            // longest
                                          der::element(tag_0_primitive, {Bytes{0x01}}),
                                          der::octet_string(Bytes{0xFF}),
                                          der::sequence({der::octet_string(path(root, "50300810"))}),
                                      })}),
  });
}

void put(Bytes& file, std::size_t offset, const Bytes& certificate, const char* name) {
  if (certificate.size() > certificate_slot_octets)
    throw Error(Errc::BadRequest, std::string(name) + ": certificate over 1792 octets");
  std::copy(certificate.begin(), certificate.end(), file.begin() + static_cast<std::ptrdiff_t>(offset));
}

} // namespace

FileTree hicos_files(const HicosContents& contents) {
  const auto& root = contents.root_directory;
  const KeyEntry signature{root, "cert1", "SIGN", contents.signature_key, der::named_bits({2}), der::named_bits({6})};
  const KeyEntry encryption{
      root, "cert2", "KEYX", contents.encryption_key, der::named_bits({1, 5}), der::named_bits({0, 4})};

  Bytes certificates(4 * certificate_slot_octets, 0xFF);
  put(certificates, root_offset, contents.root, "root");
  put(certificates, issuing_offset, contents.issuing, "issuing");
  put(certificates, encryption_offset, contents.encryption, "encryption");
  put(certificates, signature_offset, contents.signature, "signature");

  const auto directory = joined({
      certificate_entry(root, "ROOTCACert", "ROOTCACert", root_offset, contents.root.size()),
      certificate_entry(root, "CACert", "CACert", issuing_offset, contents.issuing.size()),
      certificate_entry(root, "KEYX", "cert2", encryption_offset, contents.encryption.size()),
      certificate_entry(root, "SIGN", "cert1", signature_offset, contents.signature.size()),
  });

  FileTree files;
  files[root + "/0900/0903"] = to_bytes(as_bytes(contents.card_number));
  files[root + "/0900/0905"] = to_bytes(as_bytes("CHT V32N simulated"));
  files[root + "/5030/5032"] = directory_file(token_info(contents.card_number), 0x00);
  files[root + "/5030/4100"] =
      directory_file(joined({private_key_entry(signature), private_key_entry(encryption)}), 0x00);
  files[root + "/5030/4101"] =
      directory_file(joined({public_key_entry(signature), public_key_entry(encryption)}), 0x00);
  files[root + certificate_directory_file] = directory_file(directory, 0xFF);
  files[root + "/5030/4107"] = directory_file({}, 0xFF);
  files[root + "/5030/4108"] = directory_file(pin_entry(root), 0x00);
  files[root + "/5030/0870"] = Bytes(256, 0xFF);
  files[root + certificate_file] = certificates;
  return files;
}

Bytes key_record(std::uint8_t record, unsigned index, ByteView modulus, std::uint32_t exponent) {
  Bytes content(record_octets, 0x00);
  if (index == 0) {
    for (std::size_t i = 0; i < word_octets; ++i)
      content[i] = static_cast<std::uint8_t>(exponent >> (8 * (word_octets - 1 - i)));
  } else if (index >= 2) {
    Bytes reversed;
    for (auto end = modulus.size(); end >= word_octets; end -= word_octets) {
      const auto word = modulus.subspan(end - word_octets, word_octets);
      reversed.insert(reversed.end(), word.begin(), word.end());
    }
    const auto half = ByteView(reversed).subspan((index - 2) * record_octets, record_octets);
    content = to_bytes(half);
  }
  content.insert(content.begin(), record);
  return content;
}

} // namespace twcard::simulator
