#include "driver/base/hardening.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard {

BOOST_AUTO_TEST_SUITE(hardening)

// In a child: the debugger of whoever runs the tests shall still work.
BOOST_AUTO_TEST_CASE(a_process_becomes_undumpable_and_leaves_no_core_file_for_good) {
  const auto child = ::fork();
  if (child == 0) {
    forbid_inspection();
    rlimit core{1, 1};
    const bool done = ::prctl(PR_GET_DUMPABLE) == 0 && ::getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 &&
                      core.rlim_max == 0;
    ::_exit(done ? 0 : 1);
  }
  BOOST_REQUIRE(child > 0);
  int status = -1;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
