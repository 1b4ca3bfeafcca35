#include "simulator/applets/pkcs15_files.hpp"

#include "simulator/crypto/der.hpp"

#include <algorithm>

namespace twcard::simulator {

namespace {

constexpr std::size_t directory_octets = 1024;
constexpr std::size_t room_before_root = 16;

constexpr std::uint8_t context(unsigned number) {
  return static_cast<std::uint8_t>(0x80 | number);
}
constexpr std::uint8_t context_constructed(unsigned number) {
  return static_cast<std::uint8_t>(0xA0 | number);
}

Bytes octets(std::initializer_list<std::uint8_t> values) {
  return values;
}

Bytes hex(const char* digits) {
  return *from_hex(digits);
}

// Section 8.2.5.
Bytes path(const char* digits) {
  return der::sequence({der::octet_string(hex(digits))});
}

// A directory file of a fixed size: entries, then zeros.
Bytes directory_file(std::initializer_list<ByteView> entries) {
  auto content = joined(entries);
  content.resize(std::max(content.size(), directory_octets));
  return content;
}

// Section 8.3: where the directories are.
Bytes object_directory() {
  const auto entry = [](unsigned kind, const char* where) {
    return der::element(context_constructed(kind), {path(where)});
  };
  constexpr unsigned private_keys = 0;
  constexpr unsigned certificates = 4;
  constexpr unsigned trusted_certificates = 5;
  constexpr unsigned authentication_objects = 8;
  // The trusted certificates' directory is named by its identifier alone, below the application.
  return directory_file({entry(private_keys, "3F0050154402"), entry(certificates, "3F0050154403"),
                         entry(trusted_certificates, "4404"), entry(authentication_objects, "3F0050154401")});
}

// Section 8.10, AlgorithmInfo: reference, mechanism of PKCS #11, parameters, operations, OID, reference of the card.
Bytes algorithm(std::uint32_t reference, std::uint32_t mechanism, std::uint8_t of_card) {
  constexpr unsigned compute_signature = 1;
  constexpr unsigned decipher = 5;
  return der::sequence({der::integer(reference), der::integer(mechanism), hex("0500"),
                        der::named_bits({compute_signature, decipher}), hex("06092A864886F70D010101"),
                        der::integer(of_card)});
}

// Section 8.10.
Bytes token_info(const Pkcs15Contents& contents) {
  constexpr std::uint32_t version_2 = 1;
  constexpr std::uint32_t rsa_pkcs = 1;
  constexpr std::uint32_t rsa_x_509 = 3;
  const auto padding = algorithm(1, rsa_pkcs, pkcs15_padding_algorithm);
  const auto raw = contents.raw ? algorithm(2, rsa_x_509, pkcs15_raw_algorithm) : Bytes();
  return der::sequence({
      der::integer(version_2),
      der::octet_string(contents.serial_number),
      der::utf8_string("twcard simulator"),
      der::element(context(0), {to_bytes(as_bytes(contents.label))}),
      der::named_bits({1, 2}), // login required, generates random numbers
      der::element(context_constructed(2), {padding, raw}),
  });
}

// Section 8.9: the PIN.
Bytes authentication_objects(const Pkcs15Contents& contents) {
  constexpr std::uint8_t enumerated = 0x0A;
  constexpr std::uint32_t least = 6;
  constexpr std::uint32_t most = 8;
  const auto kind = static_cast<std::uint8_t>(contents.digits_only ? 1 : 2);
  const auto attributes = der::sequence({
      der::named_bits({1, 4, 5}), // local, initialized, needs padding
      der::element(enumerated, {octets({kind})}),
      der::integer(least),
      der::integer(pkcs15_pin_field_octets),
      der::integer(most),
      der::element(context(0), {der::integer_content(pkcs15_pin_reference)}),
      der::octet_string(octets({0x00})),
      path("3F005015"),
  });
  return directory_file({der::sequence({
      der::sequence({der::utf8_string("PIN"), der::named_bits({0, 1})}),
      der::sequence({der::octet_string(octets({0x01}))}),
      der::element(context_constructed(1), {attributes}),
  })});
}

// Section 8.4: a private key.
Bytes key(const char* label, std::uint8_t id, std::uint8_t reference, const Bytes& usage) {
  constexpr std::uint32_t modulus_bits = 2048;
  const auto no_value = der::sequence({der::octet_string({})});
  return der::sequence({
      der::sequence({der::utf8_string(label), der::named_bits({0}), der::octet_string(octets({0x01}))}),
      der::sequence({der::octet_string(octets({id})), usage, der::named_bits({0, 2, 3}), der::integer(reference)}),
      der::element(context_constructed(1), {der::sequence({no_value, der::integer(modulus_bits)})}),
  });
}

Bytes private_keys(const Pkcs15Contents& contents) {
  constexpr unsigned decrypt = 1;
  constexpr unsigned sign = 2;
  constexpr unsigned unwrap = 5;
  return directory_file({key("Signature key", 0x45, contents.signature_key, der::named_bits({sign})),
                         key("Encryption key", 0x46, contents.encryption_key, der::named_bits({decrypt, unwrap}))});
}

// Section 8.7: a certificate; `value` is a path or the certificate itself.
Bytes certificate(const char* label, std::uint8_t id, bool authority, const Bytes& value) {
  const auto is_authority = authority ? der::boolean(true) : Bytes();
  return der::sequence({
      der::sequence({der::utf8_string(label)}),
      der::sequence({der::octet_string(octets({id})), is_authority}),
      der::element(context_constructed(1), {der::sequence({value})}),
  });
}

Bytes part_of_file(const char* digits, std::size_t index, std::size_t length) {
  return der::sequence({der::octet_string(hex(digits)), der::integer(static_cast<std::uint32_t>(index)),
                        der::element(context(0), {der::integer_content(static_cast<std::uint32_t>(length))})});
}

} // namespace

Bytes pkcs15_application_identifier() {
  return hex("A000000063504B43532D3135");
}

FileTree pkcs15_files(const Pkcs15Contents& contents) {
  const std::string application = pkcs15_directory;
  FileTree files;
  files[pkcs15_application_directory_file] =
      der::element(0x61, {
                             der::element(0x4F, {pkcs15_application_identifier()}),
                             der::element(0x50, {to_bytes(as_bytes("PKCS#15"))}),
                             der::element(0x51, {hex("3F005015")}),
                         });
  files[application + "/5031"] = object_directory();
  files[application + "/5032"] = token_info(contents);
  files[application + "/4401"] = authentication_objects(contents);
  files[application + "/4402"] = private_keys(contents);
  files[pkcs15_certificate_directory_file] =
      joined({certificate("Signature", 0x45, false, path("3F0050154301")),
              certificate("Encryption", 0x46, false, path("4302")),
              certificate("Issuing CA", 0x47, true, der::element(context_constructed(0), {contents.issuing}))});
  files[application + "/4404"] = directory_file(
      {certificate("Root CA", 0x48, true, part_of_file("3F0050154303", room_before_root, contents.root.size()))});
  files[pkcs15_signature_certificate_file] = contents.signature;
  files[application + "/4302"] = joined({contents.encryption, Bytes(64)});
  files[application + "/4303"] = joined({Bytes(room_before_root, 0xFF), contents.root, Bytes(room_before_root, 0xFF)});
  return files;
}

} // namespace twcard::simulator
