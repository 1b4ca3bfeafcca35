// The insurer's authentication site as docs/nhi-authentication.md has it: the other end of an NHI card's signature. It
// proves simulated NHI cards and signs with a key of its own; and it can be made to behave badly.
#pragma once

#include "simulator/crypto/site_ciphers.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

namespace twcard::simulator {

// The site's messages, by what they answer.
enum class SiteMessage { Health, Hello, ModuleData, Signature };

enum class SiteFault {
  Refuse,     // the message's refusal, or the connection's end where the protocol has none
  Cut,        // half of the message, then the connection's end
  Mute,       // nothing, and the connection stays open
  Endless,    // octets without end
  Padding,    // an invalid padding, then the connection's end
  Length,     // a field that is one octet short
  Garbage,    // random octets before the terminator, then the connection's end
  Forged,     // Hello: a nonce for another key; ModuleData: not of the security module; Signature: no text
  Terminator, // "<E>" inside of binary fields and of the ciphertext; the message is right
  Bare,       // ModuleData, Signature: without the text's own "<E>", which a client accepts
  Trailing    // ModuleData, Signature: an octet behind the text's own "<E>"
};

struct SiteBehaviour {
  struct Deviation {
    std::optional<SiteFault> fault;
    std::chrono::milliseconds delay{0};
    std::uint64_t connection = 0; // the only one that it is for, counted from 1; 0: all
  };
  std::multimap<SiteMessage, Deviation> deviations;

  [[nodiscard]] std::optional<SiteFault> fault_of(SiteMessage message, std::uint64_t connection) const;
  [[nodiscard]] std::chrono::milliseconds delay_of(SiteMessage message, std::uint64_t connection) const;
};

// Words such as "signature:cut", "hello:padding@2" (on the second connection), "health:delay=200", separated by white
// space. Throws Error(BadRequest) with the unknown word.
[[nodiscard]] SiteBehaviour behaviour_of(const std::string& words);

struct SiteOptions {
  std::uint16_t port = 0; // at 127.0.0.1; 0: a free one
  // The public key (PEM) of the site's signatures is written here; empty: nowhere.
  std::filesystem::path key_out;
  // Words of behaviour_of(), read at each connection; a change begins a new count of connections. Empty: a good site.
  std::filesystem::path behaviour_file;
};

// Serves until SIGINT or SIGTERM; prints its port. Throws Error(BadRequest) when the port cannot be had.
void serve_site(const SiteOptions& options);

} // namespace twcard::simulator
