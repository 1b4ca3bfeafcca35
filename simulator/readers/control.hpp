// The control socket of `twcard-sim run`: one JSON object a line each way; docs/simulator.md has the requests.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>

namespace twcard::simulator {

class CardSlots;

// Answers one request line. Never throws: what is wrong becomes {"error": text}.
[[nodiscard]] boost::json::object answer_control(CardSlots& slots, const std::string& line) noexcept;

// Listens until SIGINT or SIGTERM, then pulls all cards out and removes the socket. A socket that nobody answers any
// more is replaced. Throws Error(BadRequest) when the path cannot be used or another simulator listens there.
void serve_control(CardSlots& slots, const std::filesystem::path& socket);

// One request to a running simulator, and its answer. Throws Error(ServiceUnavailable) when none answers, and
// Error(CardRefused) with the simulator's text when it answers with an error.
[[nodiscard]] boost::json::object ask_control(const std::filesystem::path& socket, const boost::json::object& request);

} // namespace twcard::simulator
