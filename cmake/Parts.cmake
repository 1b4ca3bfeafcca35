# What is built beside the product. All of it is off in a plain `cmake -B build`, which then needs the product's libraries
# only; the presets switch it on.
option(TWCARD_TESTS "Build the tests; they need everything below but the benches and fuzz targets" OFF)
option(TWCARD_BENCH "Build the measurements that bench/run makes" OFF)
option(TWCARD_PORTAL "Build the reference site, twcard-portal" OFF)
option(TWCARD_SIMULATOR "Build the simulated cards, twcard-sim" OFF)
option(TWCARD_EXAMPLES "Build the examples for sites, which use the portal's verification" OFF)
option(TWCARD_FUZZ "Build the libFuzzer targets (clang)" OFF)

if(TWCARD_TESTS)
  set(TWCARD_SIMULATOR ON)
  set(TWCARD_EXAMPLES ON)
endif()
if(TWCARD_EXAMPLES)
  set(TWCARD_PORTAL ON)
endif()
