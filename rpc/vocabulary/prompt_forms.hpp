// What twcardd and twcard-prompt tell each other about callers, cards and answers, as values and as JSON
// (docs/service-protocol.md, "twcard-prompt"). What reads a form throws Error(BadRequest) that names the member.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <sys/types.h>

namespace twcard::rpc {

// The member `origin`: nullopt without it.
[[nodiscard]] std::optional<std::string> origin_in(const boost::json::object& params);

// A web site, or (without origin) a program of this user.
struct Caller {
  std::optional<std::string> origin; // canonical (rpc/web_origin.hpp)
  std::string program;               // path; untrusted text
  pid_t pid = 0;
};
[[nodiscard]] boost::json::object form_of(const Caller& caller);
// The member `caller`.
[[nodiscard]] Caller caller_in(const boost::json::object& params);

// A card as the person is shown it. `kind` and `holder` are the names that card_name knows; the rest is untrusted text.
struct CardPlace {
  std::string kind;
  std::string holder;
  std::string reader;
  std::string owner{}; // as in its certificate; empty where that is not known without a word to the card
};
[[nodiscard]] boost::json::object form_of(const CardPlace& card);
// The form itself; members that are missing are empty.
[[nodiscard]] CardPlace card_place_in(const boost::json::object& form);

// Where and in which language to ask.
struct Surface {
  std::optional<std::string> language{}, display{}, wayland_display{}, xauthority{}, tty{}, term{};
};
[[nodiscard]] boost::json::object form_of(const Surface& surface);
// The member `ui`, without unknown members; an empty text is as good as none.
[[nodiscard]] Surface surface_in(const boost::json::object& params);

// What a person answers. Always: from now on without a question, where the question offered that.
enum class Consent { Refused, Once, Always };
[[nodiscard]] boost::json::object form_of(Consent consent);
// Whatever is not clearly an approval is a refusal.
[[nodiscard]] Consent consent_in(const boost::json::object& result);

} // namespace twcard::rpc
