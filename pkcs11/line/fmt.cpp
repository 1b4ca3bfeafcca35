// The functions of fmt that the libraries below use, compiled into the module: libfmt.so would bring the C++ runtime's
// shared library into every program that loads the module.
#include <fmt/format-inl.h>

// What fmt's headers declare as instantiated in its library.
template FMT_API auto fmt::detail::thousands_sep_impl<char>(fmt::detail::locale_ref)
    -> fmt::detail::thousands_sep_result<char>;
template FMT_API auto fmt::detail::decimal_point_impl<char>(fmt::detail::locale_ref) -> char;
