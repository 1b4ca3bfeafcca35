// Cards of invented people, and a way to speak hexadecimal with them.
#pragma once

#include "simulator/issuing/card_file.hpp"

#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace twcard::simulator::tests {

inline constexpr const char* name = "王小明";
inline constexpr const char* id_number = "A123456789";
inline constexpr const char* pin = "246813";

[[nodiscard]] InventedPerson somebody();
// A good citizen card, made once.
[[nodiscard]] const boost::json::object& citizen_file();
// A fresh card with its content: its own PIN counter, nothing selected.
[[nodiscard]] std::shared_ptr<SimulatedCard> citizen_card();
[[nodiscard]] std::shared_ptr<SimulatedCard> nhi_card(const CardOptions& options = {});

// Command and whole response in hexadecimal digits without spaces.
[[nodiscard]] std::string say(SimulatedCard& card, std::string_view command);
// The last four digits of the response.
[[nodiscard]] std::string status(SimulatedCard& card, std::string_view command);
// The response without them; the test fails when they are not 9000.
[[nodiscard]] std::string data(SimulatedCard& card, std::string_view command);

// Selects 3F00, then each identifier.
void go_to(SimulatedCard& card, std::string_view path);
// A protected VERIFY of the PIN with the transport key of a key set.
[[nodiscard]] std::string verify_command(std::string_view entered_pin, int key_set = 1);
// Selects the key container and verifies the right PIN.
void log_in(SimulatedCard& card);

// A certificate (DER) from a citizen card file, by its offset in the certificate file.
[[nodiscard]] Bytes certificate_at(const boost::json::object& file, std::size_t offset);

// A folder that goes away with the test.
class TemporaryFolder final {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const char* file) const { return m_path / file; }

private:
  std::filesystem::path m_path;
};

void write_text(const std::filesystem::path& file, const std::string& text);
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

} // namespace twcard::simulator::tests
