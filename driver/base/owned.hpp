// Owners of what a C library makes and frees by a function of its own: Owned<X509, X509_free>.
#pragma once

#include <memory>

namespace twcard {

template <auto Function>
struct FreedBy {
  template <typename T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};

template <typename T, auto Function>
using Owned = std::unique_ptr<T, FreedBy<Function>>;

} // namespace twcard
