// The pages that the HiPKI interface serves itself: the popup, which is the go-between of a site's page and this
// service, and the self test. They hold no script of their own, show nothing that they are sent, and their policy
// allows neither. Source: docs/dialects.md, "HiPKI: the popup".
#pragma once

#include "daemon/web/http_exchange.hpp"

#include <set>
#include <string>

namespace twcard::web::hipki {

enum class PageLanguage { English, TraditionalChinese };

// `sites`: canonical origins, ASCII without quotation marks; the popup speaks to no others.
[[nodiscard]] HttpResponse popup_page(PageLanguage language, const std::set<std::string>& sites);
[[nodiscard]] HttpResponse popup_script();
[[nodiscard]] HttpResponse self_test_page();
[[nodiscard]] HttpResponse waiting_image();

} // namespace twcard::web::hipki
