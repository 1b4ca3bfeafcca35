// How many connections there may be at a time, in all and of one origin. Connections without an origin belong to
// nobody in particular and count towards the total only. Control C4 of SECURITY.md.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace twcard::web {

class ConnectionLimits final {
public:
  static constexpr std::size_t max_connections = 32;
  static constexpr std::size_t max_of_an_origin = 4;

  // A connection's place; given back when it is destroyed, which may be after the limits themselves.
  class Place final {
  public:
    Place(Place&&) noexcept = default;
    Place& operator=(Place&&) = delete;
    ~Place();

  private:
    friend class ConnectionLimits;
    using Counts = std::map<std::string, std::size_t>;
    Place(std::shared_ptr<Counts> counts, std::string origin);
    std::shared_ptr<Counts> m_counts; // null when moved from
    std::string m_origin;
  };

  // nullopt when there is no place left.
  [[nodiscard]] std::optional<Place> take(const std::string& origin);

private:
  std::shared_ptr<Place::Counts> m_counts = std::make_shared<Place::Counts>();
};

} // namespace twcard::web
