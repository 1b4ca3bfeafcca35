// Files of an ISO/IEC 7816-15 card: SELECT of the application and by path, READ BINARY in pieces.
// Source: ISO/IEC 7816-4:2005 sections 7.1.1 and 7.2.3; docs/cards/pkcs15.md, "Files".
//
// Cards differ in the forms of SELECT that they take. The forms are tried in order until a first file has been selected
// with one; from then on it is the only one.
#pragma once

#include "driver/card/pkcs15/objects.hpp"
#include "driver/reader/transaction.hpp"

namespace twcard::card {

// How to get to the application: by its name, or by the path that EF.DIR gives.
struct Pkcs15Application {
  Bytes path; // empty: by name
};

// What an object learns of the card and keeps from one transaction to the next.
struct Pkcs15Habits {
  std::optional<Pkcs15Application> application;
  std::size_t select_form = 0;
  bool select_form_proven = false;
  std::uint32_t chunk = 256; // octets that READ BINARY asks for
};

class Pkcs15Files final {
public:
  static constexpr std::size_t max_directory_octets = 16384;

  // Both outlive the object.
  Pkcs15Files(reader::Transaction& transaction, Pkcs15Habits& habits) : m_transaction(transaction), m_habits(habits) {}

  // Selects the application; false when the card has none. Throws what Transaction throws.
  [[nodiscard]] bool find_application();
  // The same for a card that is known to have one. Throws Error(CardRefused).
  void enter_application();
  // Throws Error(CardRefused) when there is no such file.
  void select(const Pkcs15Path& path);

  // Entries of a directory file, and the octet after the last of them where the file has one.
  [[nodiscard]] Bytes read_directory(const Pkcs15Path& path);
  // The data object at the beginning of a file or of the part that the path names, as long as its own header says.
  // Throws Error(BadCardData) when it is longer than `limit`, or the file shorter than it.
  [[nodiscard]] Bytes read_object(const Pkcs15Path& path, std::size_t limit);

  // So many octets of that object, from an offset in it on; fewer where the file ends.
  [[nodiscard]] Bytes read_part(const Pkcs15Path& path, std::size_t offset, std::size_t size);

private:
  [[nodiscard]] bool try_select(const Pkcs15Path& path);
  [[nodiscard]] bool select_by(std::size_t form, ByteView identifiers, bool from_top);
  // At most one chunk of the selected file; less or nothing where it ends.
  [[nodiscard]] Bytes read_piece(std::size_t offset);

  reader::Transaction& m_transaction;
  Pkcs15Habits& m_habits;
};

} // namespace twcard::card
