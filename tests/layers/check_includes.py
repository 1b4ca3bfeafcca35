#!/usr/bin/env python3
"""Checks that no layer includes what it may not: check_includes.py [ROOT].

A layer is a folder. LAYERS says which other layers' headers its sources may include; HEADERS says which system headers
belong to one place only. docs/architecture.md draws the picture.
"""
import pathlib
import re
import sys

# layer -> layers that it may include (beside itself); the longest matching folder is the layer of a file
LAYERS = {
    "driver/base": [],
    "driver/apdu": ["driver/base"],
    "driver/reader": ["driver/base", "driver/apdu"],
    "driver/ifd": ["driver/base"],
    "driver/card": ["driver/base", "driver/apdu", "driver/reader"],
    "rpc": ["driver/base"],
    "daemon/card": ["driver/base", "driver/apdu", "driver/reader", "driver/card", "rpc"],
    "daemon/prompt": ["driver/base", "rpc"],
    "daemon/vendor": ["driver/base", "driver/card", "rpc"],
    "daemon/web": ["driver/base", "rpc"],
    "pkcs11": ["driver/base", "rpc"],
    "cli": ["driver/base", "rpc"],
    "simulator": ["driver/base", "driver/apdu", "driver/reader"],
    "portal": ["driver/base"],
    "examples/verification": ["portal"],
}

# header (pattern) -> the files or folders that may include it; "tests", "bench" and "fuzz" are outside of the layers
HEADERS = {
    r"(PCSC/)?(winscard|wintypes|pcsclite|reader)\.h": ["driver/reader/pcsc.cpp", "driver/ifd/ifd_handler.cpp"],
    r"libusb.*": ["driver/reader/usb_probe.cpp", "driver/ifd"],
    r"assuan\.h": ["daemon/prompt"],
    r"p11-kit/.*": ["daemon/vendor/pkcs11_library.cpp"],
    r"boost/beast.*": ["daemon/web/connection.cpp", "daemon/web/web_socket.cpp", "daemon/web/web_socket.hpp",
                       "daemon/web/transport.hpp", "portal/http_server.cpp"],
    r"boost/asio/ip/.*": ["daemon/card/nhi_authenticator.cpp", "daemon/web", "simulator", "portal"],
    r"boost/asio.*": ["rpc", "daemon", "simulator", "portal"],
    r"openssl/.*": ["driver/apdu", "driver/card", "daemon/card", "daemon/web/certificate_end.cpp",
                     "daemon/web/dialects/hipki", "simulator", "portal", "cli"],
    r"sqlite3\.h": ["portal"],
    r"nettle/.*": ["pkcs11"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')


def layer_of(path: str):
    fitting = [layer for layer in LAYERS if path == layer or path.startswith(layer + "/")]
    return max(fitting, key=len, default=None)


def faults(root: pathlib.Path):
    for source in sorted(p for p in root.rglob("*") if p.suffix in (".cpp", ".hpp", ".h", ".c")):
        name = source.relative_to(root).as_posix()
        own = layer_of(name)
        if own is None:
            continue
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match[1]
            theirs = layer_of(header)
            if theirs and theirs != own and theirs not in LAYERS[own]:
                yield f"{name}:{number}: {own} may not include {header}"
            for pattern, places in HEADERS.items():
                if re.fullmatch(pattern, header) and not any(name == p or name.startswith(p + "/") for p in places):
                    yield f"{name}:{number}: {header} belongs to {', '.join(places)}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    found = list(faults(root))
    print("\n".join(found) or "every layer includes what it may")
    return 1 if found else 0


sys.exit(main())
