# Headers that most sources of a library parse can be parsed once for all of them. A build from nothing then takes half the
# time, which is what the preset `demo` wants; while one is working, any change of a header in the list compiles everything.
option(TWCARD_PRECOMPILE "Precompile the headers that cost most" OFF)

set(twcard_json_headers <boost/json.hpp> <filesystem> <fmt/format.h> <functional>)
set(twcard_asio_headers ${twcard_json_headers}
  <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/detached.hpp> <boost/asio/io_context.hpp>
  <boost/asio/local/stream_protocol.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp>
  <boost/asio/use_awaitable.hpp>)

function(twcard_precompile target)
  if(TWCARD_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()
