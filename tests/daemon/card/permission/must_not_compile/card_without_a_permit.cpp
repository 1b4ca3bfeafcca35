// error: ApprovedCard.*private|private.*ApprovedCard
#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

ApprovedCard approve(std::shared_ptr<const Token> token) {
  return ApprovedCard(std::move(token));
}

} // namespace twcard::service
