// The use case of an NHI card that is read. Knows neither sockets nor JSON.
#pragma once

#include "daemon/card/permission/permission.hpp"
#include "driver/card/nhi/nhi_card.hpp"

namespace twcard::service {

struct NhiReading {
  std::string reader;
  card::NhiRecord record; // the whole record: what may leave is chosen by who answers
};

// Throws what Permission and the card throw.
boost::asio::awaitable<Released<NhiReading>> read_nhi(Permission& permission, CardRequest request);

} // namespace twcard::service
