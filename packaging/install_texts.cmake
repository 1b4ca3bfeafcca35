# Run by `cmake --install`: writes the texts that name other installed files, for the prefix that is in force now.
foreach(folder BINDIR LIBDIR DATADIR DOCDIR)
  set(CMAKE_INSTALL_FULL_${folder} "${CMAKE_INSTALL_PREFIX}")
  cmake_path(APPEND CMAKE_INSTALL_FULL_${folder} "${CMAKE_INSTALL_${folder}}")
endforeach()

function(install_text name destination)
  cmake_path(GET name FILENAME file)
  configure_file("${packaging}/${name}.in" "${staging}/${file}" @ONLY)
  file(INSTALL DESTINATION "${destination}" TYPE FILE FILES "${staging}/${file}")
endfunction()

# p11-kit looks in its own prefix: with another one than /usr, `twcard setup` tells it for a user.
install_text(p11-kit/twcard.module "${CMAKE_INSTALL_FULL_DATADIR}/p11-kit/modules")
foreach(service twcardd twcard-prompt twcard-vendor twcard-web)
  foreach(type socket service)
    install_text(systemd/${service}.${type} "${CMAKE_INSTALL_PREFIX}/lib/systemd/user")
  endforeach()
endforeach()

# The documents show where things are in a system of Debian; here they show where they are now.
set(usual_places "/usr/lib/x86_64-linux-gnu/pkcs11/twcard" "/usr/share/doc/twcard")
set(own_places "${CMAKE_INSTALL_FULL_LIBDIR}/pkcs11/twcard" "${CMAKE_INSTALL_FULL_DOCDIR}")
file(GLOB_RECURSE documents "$ENV{DESTDIR}${CMAKE_INSTALL_FULL_DOCDIR}/*.md")
foreach(document IN LISTS documents)
  file(READ "${document}" before)
  set(text "${before}")
  foreach(usual own IN ZIP_LISTS usual_places own_places)
    string(REPLACE "${usual}" "${own}" text "${text}")
  endforeach()
  if(NOT text STREQUAL before)
    file(WRITE "${document}" "${text}")
  endif()
endforeach()
