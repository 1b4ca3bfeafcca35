#define BOOST_TEST_MODULE twcard_pkcs11
#include <boost/test/unit_test.hpp>
