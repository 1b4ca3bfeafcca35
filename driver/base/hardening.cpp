#include "driver/base/hardening.hpp"

#include "driver/base/error.hpp"

#include <cerrno>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <system_error>

namespace twcard {

namespace {

void require(bool done, const std::string& what) {
  if (!done) throw Error(Errc::Internal, what + ": " + std::generic_category().message(errno));
}

} // namespace

void forbid_inspection() {
  const rlimit none{0, 0};
  require(::prctl(PR_SET_DUMPABLE, 0) == 0, "making the process undumpable");
  require(::setrlimit(RLIMIT_CORE, &none) == 0, "forbidding core files");
}

} // namespace twcard
