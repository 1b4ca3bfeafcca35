// The popup of the NHIICC HTTP API: a window that a site's page opens, in which this service serves the whole order of
// a sign-in with the site's password. Source: docs/dialects/protocol.md, "NHIICC: the popup".
#pragma once

#include "daemon/web/dialects/nhiicc/commands.hpp"
#include "daemon/web/front/http_exchange.hpp"
#include "rpc/legacy/settings.hpp"

#include <boost/json/object.hpp>

namespace twcard::web {

[[nodiscard]] HttpResponse nhiicc_popup_page(const rpc::LegacySites& sites);
[[nodiscard]] HttpResponse nhiicc_popup_script();

// What the popup posts to the page for the message that it has had from it: the answers of GetVersion, GetRandom,
// GetBasic, SignHC, EncryptPwd and GetEncryptBasic in one object, or the code of the first that fails. Nobody is asked
// anything for a message or a password that cannot be right.
boost::asio::awaitable<boost::json::object> nhiicc_popup_answer(std::shared_ptr<ServiceLink> service,
                                                                std::string message);

} // namespace twcard::web
