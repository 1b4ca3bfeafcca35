// The way that there is. The other sources leave out one step of it each.
#include "daemon/card/permission/permission.hpp"
#include "rpc/message.hpp"

namespace twcard::service {

boost::asio::awaitable<Released<rpc::Reply>> answer(Permission& permission, CardRequest request) {
  auto permit = co_await permission.ask(std::move(request), is_nhi);
  const auto card = co_await permit.card();
  auto released = permit.release(card, card->reader);
  boost::json::object result{{"reader", *released}};
  co_return released.as(rpc::Reply{std::move(result), {}});
}

} // namespace twcard::service
