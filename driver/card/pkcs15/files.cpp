#include "driver/card/pkcs15/files.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/apdu/tlv.hpp"
#include "driver/base/error.hpp"
#include "driver/card/pkcs15/fields.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>
#include <array>

namespace twcard::card {

namespace sw = apdu::sw;

namespace {

constexpr std::uint8_t cla = 0x00;
constexpr std::array<std::uint8_t, 2> master_file{0x3F, 0x00};
constexpr std::uint32_t small_chunk = 128;
constexpr std::uint32_t any_length = 256;

// P2: no control information, or all of it, which some cards insist on giving.
struct SelectForm {
  bool whole_path;
  std::uint8_t control;
  std::optional<std::uint32_t> le;
};
constexpr std::array<SelectForm, 4> forms{{
    {true, 0x0C, std::nullopt},
    {true, 0x00, any_length},
    {false, 0x0C, std::nullopt},
    {false, 0x00, any_length},
}};

constexpr std::uint8_t by_identifier = 0x00;
constexpr std::uint8_t path_from_top = 0x08;
constexpr std::uint8_t path_from_here = 0x09;

apdu::CommandApdu select_command(std::uint8_t p1, const SelectForm& form, ByteView identifiers) {
  return {cla, 0xA4, p1, form.control, ScrubbedBytes(identifiers.begin(), identifiers.end()), form.le};
}

bool begins_at_top(ByteView identifiers) {
  return identifiers.size() >= 2 && std::ranges::equal(identifiers.first(2), master_file);
}

} // namespace

bool Pkcs15Files::find_application() {
  if (reader::exchange(m_transaction, apdu::select_application(cla, pkcs15_identifier)).status.ok()) {
    m_habits.application = Pkcs15Application{};
    return true;
  }
  const Pkcs15Path directory{{0x3F, 0x00, 0x2F, 0x00}, 0, std::nullopt};
  if (!try_select(directory)) return false;
  try {
    auto path = pkcs15_application_path(read_piece(0));
    if (!path || !begins_at_top(*path) || !try_select({*path, 0, std::nullopt})) return false;
    m_habits.application = Pkcs15Application{std::move(*path)};
    return true;
  } catch (const Error& error) {
    if (error.code() != Errc::BadCardData && error.code() != Errc::CardRefused && error.code() != Errc::PinRequired)
      throw;
    return false;
  }
}

void Pkcs15Files::enter_application() {
  if (!m_habits.application) {
    if (!find_application()) throw Error(Errc::CardRefused, "the card has no ISO/IEC 7816-15 application");
    return;
  }
  const auto& path = m_habits.application->path;
  if (!path.empty()) return select({path, 0, std::nullopt});
  apdu::expect_ok(reader::exchange(m_transaction, apdu::select_application(cla, pkcs15_identifier)),
                  "selecting the application");
}

bool Pkcs15Files::select_by(std::size_t form, ByteView identifiers, bool from_top) {
  const auto& how = forms.at(form);
  const auto selected = [this](const apdu::CommandApdu& command) {
    return reader::exchange(m_transaction, command).status.ok();
  };
  if (how.whole_path && identifiers.size() > 2) {
    if (from_top) return selected(select_command(path_from_top, how, identifiers.subspan(2)));
    return selected(select_command(path_from_here, how, identifiers));
  }
  for (; !identifiers.empty(); identifiers = identifiers.subspan(2))
    if (!selected(select_command(by_identifier, how, identifiers.first(2)))) return false;
  return true;
}

bool Pkcs15Files::try_select(const Pkcs15Path& path) {
  const ByteView identifiers(path.identifiers);
  if (identifiers.empty()) throw Error(Errc::BadCardData, "path: empty");
  const bool from_top = begins_at_top(identifiers);
  for (auto form = m_habits.select_form; form < forms.size(); ++form) {
    if (!from_top) enter_application();
    if (select_by(form, identifiers, from_top)) {
      // One file alone is selected in the same way by two of the forms: it proves neither.
      m_habits.select_form = form;
      m_habits.select_form_proven = m_habits.select_form_proven || identifiers.size() > 2;
      return true;
    }
    if (m_habits.select_form_proven) return false;
  }
  return false;
}

void Pkcs15Files::select(const Pkcs15Path& path) {
  if (!try_select(path)) throw Error(Errc::CardRefused, "selecting a file: the card does not have it");
}

Bytes Pkcs15Files::read_piece(std::size_t offset) {
  auto response = reader::exchange(m_transaction, apdu::read_binary(cla, offset, m_habits.chunk));
  if (response.status == sw::wrong_length && m_habits.chunk > small_chunk) {
    m_habits.chunk = small_chunk;
    response = reader::exchange(m_transaction, apdu::read_binary(cla, offset, m_habits.chunk));
  }
  if (response.status == sw::wrong_parameters && offset > 0) return {};
  if (response.status != sw::end_of_file) apdu::expect_ok(response, "reading a file");
  if (response.data.size() > m_habits.chunk)
    throw Error(Errc::BadCardData, "reading a file: more octets than asked for");
  return std::move(response.data);
}

Bytes Pkcs15Files::read_directory(const Pkcs15Path& path) {
  select(path);
  Bytes octets;
  const auto limit = std::min(path.length.value_or(max_directory_octets), max_directory_octets);
  while (octets.size() < limit) {
    const auto piece = read_piece(path.index + octets.size());
    octets.insert(octets.end(), piece.begin(), piece.end());
    if (const auto size = pkcs15_directory_size(octets)) {
      octets.resize(std::min(*size, limit));
      return octets;
    }
    if (piece.size() < m_habits.chunk) return octets;
  }
  octets.resize(limit);
  return octets;
}

Bytes Pkcs15Files::read_part(const Pkcs15Path& path, std::size_t offset, std::size_t size) {
  select(path);
  auto response =
      reader::exchange(m_transaction, apdu::read_binary(cla, path.index + offset, static_cast<std::uint32_t>(size)));
  if (response.status != sw::end_of_file) apdu::expect_ok(response, "reading a file");
  return std::move(response.data);
}

Bytes Pkcs15Files::read_object(const Pkcs15Path& path, std::size_t limit) {
  select(path);
  Bytes octets;
  std::optional<std::size_t> size;
  do {
    const auto piece = read_piece(path.index + octets.size());
    octets.insert(octets.end(), piece.begin(), piece.end());
    size = apdu::size_of_tlv(octets);
    if (size && *size > limit) throw Error(Errc::BadCardData, "reading an object: longer than its limit");
    if (size && *size <= octets.size()) break;
    if (piece.empty()) throw Error(Errc::BadCardData, "reading an object: cut off by the end of the file");
  } while (true);
  octets.resize(*size);
  return octets;
}

} // namespace twcard::card
