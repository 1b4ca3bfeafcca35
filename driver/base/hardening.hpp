// Control C17 of SECURITY.md: what passes through a process can neither be read by other programs of the user nor end
// up in a core file.
#pragma once

namespace twcard {

// To be called before anything secret is in memory. Throws Error(Internal) when the kernel refuses: such a process must
// not go on.
void forbid_inspection();

} // namespace twcard
