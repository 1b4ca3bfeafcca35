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

// The usual identifiers of CA certificates are "CACert" and "ROOTCACert".
bool is_authority(std::string_view id) {
  return id.find("CACert") != std::string_view::npos;
}

Bytes certificate_entry(const std::string& root, const std::string& id, const std::string& label, std::size_t offset,
                        std::size_t length) {
  const auto value = der::sequence({
      der::octet_string(path(root, "503008F2")),
      der::integer(static_cast<std::uint32_t>(offset)),
      der::element(tag_0_primitive, {der::integer_content(static_cast<std::uint32_t>(length))}),
  });
  const auto class_attributes = is_authority(id) ? der::sequence({der::octet_string(as_bytes(id)), der::boolean(true)})
                                                 : der::sequence({der::octet_string(as_bytes(id))});
  return der::sequence({
      der::sequence({der::utf8_string(label)}),
      class_attributes,
      der::element(tag_1_constructed, {der::sequence({value})}),
  });
}

struct KeyEntry {
  const std::string& root;
  std::string label;
  std::string id;
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

Bytes private_key_entry(const KeyEntry& key, bool access_flags) {
  return der::sequence({
      der::sequence({der::utf8_string(key.label), der::named_bits({0}), der::octet_string(Bytes{0x01})}),
      der::sequence({
          der::octet_string(as_bytes(key.id)),
          key.private_usage,
          access_flags ? der::named_bits({0, 2, 3}) : Bytes(), // sensitive, always sensitive, never extractable
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

struct Placed {
  std::string id;
  std::string label;
  const Bytes& der;
  std::size_t offset;
};

std::vector<Placed> placed(const HicosContents& contents) {
  std::vector<Placed> all{{"ROOTCACert", contents.root_label, contents.root, root_offset},
                          {"CACert", contents.issuing_label, contents.issuing, issuing_offset},
                          {"KEYX", "cert2", contents.encryption, encryption_offset},
                          {"SIGN", "cert1", contents.signature, signature_offset}};
  for (const auto& each : contents.more_certificates)
    all.push_back({each.id, each.label, each.der, all.size() * certificate_slot_octets});
  return all;
}

void put(Bytes& file, const Placed& certificate, std::size_t remains) {
  const auto& der = certificate.der;
  if (der.size() + remains > certificate_slot_octets)
    throw Error(Errc::BadRequest, certificate.id + ": certificate over 1792 octets");
  const auto place = file.begin() + static_cast<std::ptrdiff_t>(certificate.offset);
  const auto after = std::copy(der.begin(), der.end(), place);
  std::copy_n(der.end() - static_cast<std::ptrdiff_t>(remains), remains, after);
}

std::vector<KeyEntry> keys_of(const HicosContents& contents) {
  const auto& root = contents.root_directory;
  std::vector<KeyEntry> keys{
      {root, "cert1", "SIGN", contents.signature_key, der::named_bits({2}), der::named_bits({6})},
      {root, "cert2", "KEYX", contents.encryption_key, der::named_bits({1, 5}), der::named_bits({0, 4})}};
  for (const auto& each : contents.more_keys)
    keys.push_back({root, each.label, each.id, each.reference, der::named_bits({2}), der::named_bits({6})});
  return keys;
}

} // namespace

FileTree hicos_files(const HicosContents& contents) {
  const auto& root = contents.root_directory;
  const auto all = placed(contents);
  Bytes certificates(all.size() * certificate_slot_octets, 0xFF);
  Bytes directory;
  const auto append = [](Bytes& content, const Bytes& entry) {
    content.insert(content.end(), entry.begin(), entry.end());
  };
  for (const auto& each : all) {
    put(certificates, each, contents.remains);
    append(directory, certificate_entry(root, each.id, each.label, each.offset, each.der.size() + contents.remains));
  }
  Bytes private_keys;
  Bytes public_keys;
  for (const auto& key : keys_of(contents)) {
    append(private_keys, private_key_entry(key, contents.access_flags));
    append(public_keys, public_key_entry(key));
  }

  FileTree files;
  files[root + "/0900/0903"] = to_bytes(as_bytes(contents.card_number));
  files[root + "/0900/0905"] = to_bytes(as_bytes(contents.version));
  files[root + "/5030/5032"] = directory_file(token_info(contents.card_number), 0x00);
  files[root + "/5030/4100"] = directory_file(private_keys, 0x00);
  files[root + "/5030/4101"] = directory_file(public_keys, 0x00);
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
