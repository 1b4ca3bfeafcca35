// error: no matching (member )?function for call to .*release
#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

boost::asio::awaitable<Released<std::string>> answer(Permission& permission, CardRequest request) {
  auto permit = co_await permission.ask(std::move(request), is_nhi);
  co_return permit.release(std::string("A card is there."));
}

} // namespace twcard::service
