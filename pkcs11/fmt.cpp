// The functions of fmt that the libraries below use, compiled into the module: libfmt.so would bring the C++ runtime's
// shared library into every program that loads the module.
#include <fmt/format-inl.h>
