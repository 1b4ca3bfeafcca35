// What a fork leaves behind in the child: sockets of the parent's module. The child cannot use them, and as long as it
// keeps them the service would not notice that the parent has gone, and would keep its login.
#pragma once

namespace twcard::pkcs11::inherited {

// Descriptors of this process, to be closed in a child. At most 256 are remembered; any thread.
void remember(int descriptor) noexcept;
void forget(int descriptor) noexcept;
// In the child, once: closes what the parent remembered, where the descriptor is still the same socket. The memory of
// another thread of the parent may be in any state, so nothing but a fixed table of atomics is looked at.
void close_all() noexcept;

} // namespace twcard::pkcs11::inherited
