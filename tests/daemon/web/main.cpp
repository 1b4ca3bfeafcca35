#define BOOST_TEST_MODULE web
#include <boost/test/unit_test.hpp>
#include <csignal>

// The tests' own TLS clients write to servers that may have gone; OpenSSL's sockets raise a signal then.
struct NoSignalForBrokenPipes {
  NoSignalForBrokenPipes() { std::signal(SIGPIPE, SIG_IGN); }
};
BOOST_TEST_GLOBAL_FIXTURE(NoSignalForBrokenPipes);
