// What scripts/with-stack puts around a test: the services, the simulated cards and the simulated person.
#pragma once

#include "driver/base/bytes.hpp"
#include "rpc/client.hpp"

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace twcard::tests {

// Environment variable of the stack; throws std::runtime_error naming scripts/with-stack when it is missing.
[[nodiscard]] std::string stack_variable(const char* name);
// A file in the stack's folder.
[[nodiscard]] std::string stack_file(const std::string& name);

// Whether the cards have no habits (with-stack --habits): then it is known what a reading costs, and what there is.
[[nodiscard]] bool cards_are_tidy();

// Runs a shell command and returns its standard output; throws std::runtime_error when it fails.
std::string run(const std::string& command);

// The simulated person's behaviour from now on: "approve", "always", "refuse", "wrong-pin", "cancel", "slow" with a
// delay; and a button that is pressed wherever there is one of this text.
void person(const std::string& mode, int delay_ms = 0, const std::string& press = {});
// The process of a service, by the name of its file in the stack's folder.
[[nodiscard]] pid_t pid_of(const std::string& service);
// The processes of the open dialogs of a slow person.
[[nodiscard]] std::vector<pid_t> open_dialogs();
// Dialogs that the person has seen so far, one JSON object each.
[[nodiscard]] std::vector<boost::json::object> dialogs();

// Cards in the virtual readers, 0 and 1. insert_card() returns when twcardd has read (or given up on) the card.
void insert_card(int slot, const std::string& file);
void remove_card(int slot);
// Commands that the card in a slot has answered since the last reset_apdus().
[[nodiscard]] std::uint64_t apdus(int slot);
void reset_apdus();
// From the card's last answer before its last reset to that reset; none when it was not reset after a command.
[[nodiscard]] std::optional<std::chrono::microseconds> reset_after(int slot);
// What went over its line meanwhile, both directions: octets, and the 8 that T=1 adds to each command.
[[nodiscard]] std::uint64_t line_octets(int slot);

// pcscd ends, and twcardd has noticed; it starts again, with the stack's readers or with none. The simulated cards
// connect by themselves.
void stop_pcscd();
void start_pcscd(bool with_readers = true);

// A connection to twcardd that has said hello.
[[nodiscard]] rpc::Client service();
// The code of the error that a call ends with, or "" when it succeeds.
[[nodiscard]] std::string error_of(const std::function<void()>& call);
// Waits for a condition that another process brings about; false after ten seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

// DER of the certificate with this id ("SIGN") in the only certificate card.
[[nodiscard]] std::string certificate(rpc::Client& client, std::string_view id);
// A SHA-256 hash to sign, and the signature that the service gives for it.
[[nodiscard]] Bytes some_hash();
rpc::Reply sign(rpc::Client& client);
// Whether `openssl pkeyutl` verifies that signature with the card's certificate.
[[nodiscard]] bool openssl_verifies(rpc::Client& client, ByteView signature);

} // namespace twcard::tests
