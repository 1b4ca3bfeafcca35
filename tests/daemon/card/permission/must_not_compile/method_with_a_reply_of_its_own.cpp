// error: .*Released<twcard::rpc::Reply>.*(private|conver|match)|(private|conver|match).*Released<twcard::rpc::Reply>
#include "daemon/card/methods/card_methods.hpp"

namespace twcard::service {

boost::asio::awaitable<rpc::Reply> reply() {
  co_return rpc::Reply{};
}

CardMethods::Answer method(CardRequest, rpc::Request) {
  return reply();
}

} // namespace twcard::service
