// What the service says of readers, cards and certificates, in the JSON of docs/service-protocol.md.
#pragma once

#include "daemon/card/readers/token_cache.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "driver/card/profile/card_profile.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace twcard::service {

// Remaining PIN attempts of a card, as far as known.
using TriesOf = std::function<std::optional<int>(const Snapshot&)>;

[[nodiscard]] boost::json::object card_form(const Token& token, const TriesOf& tries);
[[nodiscard]] boost::json::object event_form(const ReaderEvent& event, const TriesOf& tries);
[[nodiscard]] boost::json::array faults_form(const std::vector<card::ProfileFault>& faults);
// For a site only the certificates with a key.
[[nodiscard]] boost::json::array certificates_form(const Snapshot& snapshot, bool for_site);
// All of them, with what pages of the old HiPKI component take from a certificate, so that nobody else parses one.
[[nodiscard]] boost::json::array certificates_for_pages(const Snapshot& snapshot);
// fields, name_uncertain and warnings: of the record only what was asked for.
[[nodiscard]] boost::json::object nhi_form(const card::NhiRecord& record, const std::vector<std::string>& fields);

} // namespace twcard::service
