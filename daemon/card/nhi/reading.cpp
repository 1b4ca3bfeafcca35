#include "daemon/card/nhi/reading.hpp"

namespace twcard::service {

boost::asio::awaitable<Released<NhiReading>> read_nhi(Permission& permission, CardRequest request) {
  auto permit = co_await permission.ask(std::move(request), is_nhi);
  const auto card = co_await permit.card();
  std::function<card::NhiRecord(reader::Transaction&, card::Card&)> read = [](reader::Transaction& transaction,
                                                                              card::Card& any_card) {
    return dynamic_cast<card::NhiCard&>(any_card).read(transaction);
  };
  auto record = co_await card.ask(std::move(read));
  NhiReading reading{card->reader, std::move(record)};
  co_return permit.release(card, std::move(reading));
}

} // namespace twcard::service
