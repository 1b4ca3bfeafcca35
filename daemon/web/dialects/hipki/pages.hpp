// The pages that the HiPKI interface serves itself: the popup and the self test. Source: docs/dialects/protocol.md,
// "The popups".
#pragma once

#include "daemon/web/front/http_exchange.hpp"
#include "driver/base/text.hpp"
#include "rpc/legacy/settings.hpp"

namespace twcard::web::hipki {

[[nodiscard]] HttpResponse popup_page(Language language, const rpc::LegacySites& sites);
[[nodiscard]] HttpResponse popup_script();
[[nodiscard]] HttpResponse self_test_page();
// What opens it to have its own host added gets a code, if it is one of `sites`; the page shows the person what to do.
// `known`: whether the host that it names is one of theirs.
[[nodiscard]] HttpResponse domain_page(bool known, const rpc::LegacySites& sites);
[[nodiscard]] HttpResponse domain_script();
[[nodiscard]] HttpResponse waiting_image();

} // namespace twcard::web::hipki
