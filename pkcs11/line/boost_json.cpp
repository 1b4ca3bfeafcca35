// Boost.JSON, compiled into the module: the static library of the distribution is not position-independent towards a
// shared C++ runtime, which the instrumented builds of the module have.
#include <boost/json/src.hpp>
