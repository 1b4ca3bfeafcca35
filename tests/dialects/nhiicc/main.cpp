#define BOOST_TEST_MODULE nhiicc
#include <boost/test/unit_test.hpp>
