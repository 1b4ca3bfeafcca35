// Where the services listen.
#pragma once

#include <filesystem>

namespace twcard::rpc {

// $TWCARD_SOCKET, or card.sock in the runtime directory.
[[nodiscard]] std::filesystem::path card_socket();
// $TWCARD_PROMPT_SOCKET, or prompt.sock in the runtime directory.
[[nodiscard]] std::filesystem::path prompt_socket();
// $TWCARD_VENDOR_SOCKET, or vendor.sock in the runtime directory.
[[nodiscard]] std::filesystem::path vendor_socket();
// $XDG_RUNTIME_DIR/twcard, or /run/user/<uid>/twcard where /run/user/<uid> exists, or /tmp/twcard-<uid>.
[[nodiscard]] std::filesystem::path runtime_directory();
// Makes the socket's folder (0700) when it is missing. Throws Error(ServiceUnavailable) when the folder belongs to
// another user, is a link, or is open to others.
void prepare_socket_directory(const std::filesystem::path& socket);

} // namespace twcard::rpc
