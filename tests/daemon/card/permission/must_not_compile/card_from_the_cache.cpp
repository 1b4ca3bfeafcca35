// error: (find|readers).*private|private.*(find|readers)
#include "daemon/card/readers/token_cache.hpp"

namespace twcard::service {

boost::asio::awaitable<TokenCache::Tokens> find_card(std::shared_ptr<TokenCache> cards) {
  return cards->find(std::nullopt, is_nhi);
}

} // namespace twcard::service
