// error: Permit.*private|private.*Permit
#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

Permit permit_oneself(Permission& permission, CardRequest request) {
  return Permit(permission, policies.front(), std::move(request), is_nhi);
}

} // namespace twcard::service
