// error: Released.*private|private.*Released
#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

boost::asio::awaitable<Released<std::string>> answer(Permit permit) {
  const auto card = co_await permit.card();
  co_return Released<std::string>(card->reader);
}

} // namespace twcard::service
