#!/usr/bin/env python3
"""Checks that no source includes what it may not: check_includes.py [ROOT].

A layer is a folder. LAYERS says which other layers' headers its sources may include. ROOMS says the order of the rooms
inside a layer: a source includes its own room and rooms below it. HEADERS says which system headers belong to one
place only, WORDS which calls do: nothing but the authenticator of NHI cards reaches out over TCP. Headers that include
each other in a circle are found as well. docs/architecture.md draws the picture, and has a line for every room.
"""
import pathlib
import re
import sys

# layer -> layers that it may include (beside itself); the longest matching folder is the layer of a file
LAYERS = {
    "driver/base": [],
    "driver/crypto": ["driver/base"],
    "driver/apdu": ["driver/base"],
    "driver/reader": ["driver/base", "driver/apdu"],
    "driver/ifd": ["driver/base"],
    "driver/card": ["driver/base", "driver/crypto", "driver/apdu", "driver/reader"],
    "rpc": ["driver/base"],
    "daemon/card": ["driver/base", "driver/crypto", "driver/apdu", "driver/reader", "driver/card", "rpc"],
    "daemon/prompt": ["driver/base", "rpc"],
    "daemon/vendor": ["driver/base", "driver/card", "rpc"],
    "daemon/web": ["driver/base", "driver/crypto", "rpc"],
    "pkcs11": ["driver/base", "rpc"],
    "cli": ["driver/base", "driver/crypto", "rpc"],
    "simulator": ["driver/base", "driver/crypto", "driver/apdu", "driver/reader"],
    "portal": ["driver/base", "driver/crypto"],
    "examples/verification": ["portal"],
}

# layer -> its rooms from the lowest to the highest; rooms in one line do not know each other. "." is the layer's own
# folder; a source named here (without its ending) is a room of its own.
ROOMS = {
    "driver/card": [["profile", "certificate"], ["."], ["nhi", "citizen", "pkcs15"], ["card_registry"]],
    "daemon/card": [["readers", "person"], ["permission"], ["keys"], ["nhi"], ["methods"], ["."]],
    "daemon/web": [["front", "service"], ["legacy"], ["dialects/shared"],
                   ["dialects/native", "dialects/nhiicc", "dialects/hipki"], ["."]],
    "pkcs11": [["cryptoki"], ["line", "mechanisms"], ["state"], ["operations"], ["entry"]],
    "cli": [["texts"], ["frame"], ["system"], ["service", "legacy"], ["commands"], ["."]],
    "simulator": [["crypto", "person"], ["cards"], ["applets", "site"], ["issuing"], ["readers", "usb"], ["commands"], ["."]],
    "portal": [["verification"], ["store", "server"], ["nhi"], ["."]],
}

# header (pattern) -> the files or folders that may include it; "tests", "bench" and "fuzz" are outside the layers
HEADERS = {
    r"(PCSC/)?(winscard|wintypes|pcsclite|reader)\.h": ["driver/reader/pcsc.cpp", "driver/ifd/ifd_handler.cpp"],
    r"libusb.*": ["driver/ifd"],
    r"assuan\.h": ["daemon/prompt"],
    r"p11-kit/.*": ["daemon/vendor/pkcs11_library.cpp"],
    r"boost/beast.*": ["daemon/web/front/connection.cpp", "daemon/web/front/web_socket.cpp", "daemon/web/front/web_socket.hpp",
                       "daemon/web/front/transport.hpp", "portal/server/http_server.cpp"],
    r"boost/asio/ip/.*": ["daemon/card/nhi/authenticator.cpp", "daemon/web/front/connection.hpp", "daemon/web/front/listener.hpp",
                          "daemon/web/front/loopback_sockets.hpp", "simulator", "portal"],
    r"boost/asio/connect\.hpp": ["daemon/card/nhi/authenticator.cpp"],
    r"sys/socket\.h": ["rpc", "pkcs11/line/line.cpp", "daemon/web/front/loopback_sockets.cpp", "simulator"],
    r"netdb\.h|netinet/.*": ["simulator"],
    r"boost/asio.*": ["rpc", "daemon", "simulator", "portal"],
    r"openssl/.*": ["driver/crypto", "driver/apdu", "driver/card", "daemon/card", "daemon/web/legacy/certificate_end.cpp",
                     "simulator", "portal", "cli"],
    r"sqlite3\.h": ["portal"],
    r"nettle/.*": ["pkcs11"],
}

# words (pattern) -> the files or folders whose code may have them. Here rpc connects to local sockets, web_origin.cpp
# reads addresses, and loopback_sockets.cpp listens.
WORDS = {
    r"\bgetaddrinfo\b|\bsockaddr_in6?\b": ["simulator"],
    r"\b[AP]F_INET6?\b": ["simulator", "rpc/web_origin.cpp", "daemon/web/front/loopback_sockets.cpp"],
    r"\basync_connect\b": ["daemon/card/nhi/authenticator.cpp", "rpc"],
    # twcard-web parses nothing that a card says; its own TLS certificate it has from a file
    r"\bd2i_X509\w*|\bparse_x509\b": ["driver/crypto", "driver/card", "daemon/card", "portal", "cli"],
    # no service and no library starts a program; the prompt's pinentry is started by libassuan
    r"\b(v?fork|execv?[lpe]*|fexecve|posix_spawnp?|popen)\s*\(": ["cli/service/launcher.cpp", "cli/system/other_programs.cpp"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')


def in_places(name: str, places: list) -> bool:
    return any(name == place or name.startswith(place + "/") for place in places)


def layer_of(path: str):
    fitting = [layer for layer in LAYERS if path == layer or path.startswith(layer + "/")]
    return max(fitting, key=len, default=None)


def room_of(path: str, layer: str):
    """The room of a source and its height in the layer; (None, None) for a folder that is not a room."""
    inside = path[len(layer) + 1:].rsplit(".", 1)[0]
    folder = inside.rsplit("/", 1)[0] if "/" in inside else "."
    for room in (inside, folder):
        for height, rooms in enumerate(ROOMS[layer]):
            if room in rooms:
                return room, height
    return None, None


def room_fault(own_path: str, their_path: str, layer: str):
    (own, own_height), (theirs, their_height) = room_of(own_path, layer), room_of(their_path, layer)
    if theirs is None:
        return f"{their_path} is in no room of {layer}"
    if own != theirs and own_height <= their_height:
        return f"{layer}/{own} may not include {their_path}: {theirs} is not below it"
    return None


def circles(headers: dict):
    """Every header that includes itself by way of others, once per circle, with the way."""
    done, way = set(), []

    def visit(name):
        if name in way:
            yield name, way[way.index(name):] + [name]
            return
        if name in done or name not in headers:
            return
        way.append(name)
        for other in headers[name]:
            yield from visit(other)
        way.pop()
        done.add(name)

    for name in sorted(headers):
        yield from visit(name)


def undescribed_rooms(root: pathlib.Path):
    document = root / "docs/architecture.md"
    if not document.is_file():
        return
    text = document.read_text(encoding="utf-8")
    for layer, heights in ROOMS.items():
        for room in (room for rooms in heights for room in rooms):
            name = layer if room == "." else f"{layer}/{room}"
            if f"\n| `{name}` |" not in text:
                yield f"docs/architecture.md:1: the room {name} is missing"


def missing_places(root: pathlib.Path):
    """What the tables above allow and the tree does not have (any more)."""
    allowed = set(LAYERS).union(*HEADERS.values(), *WORDS.values())
    allowed.update(f"{layer}/{room}" for layer, rooms in ROOMS.items() for room in sum(rooms, []) if room != ".")
    return sorted(place for place in allowed if not (root / place).exists() and not (root / f"{place}.cpp").exists())


def faults(root: pathlib.Path):
    if (root / "CMakeLists.txt").exists():
        yield from (f"tests/layers/check_includes.py:1: {place} does not exist" for place in missing_places(root))
    headers = {}
    for source in sorted(p for p in root.rglob("*") if p.suffix in (".cpp", ".hpp", ".h", ".c")):
        name = source.relative_to(root).as_posix()
        own = layer_of(name)
        if own is None:
            continue
        headers[name] = []
        if own in ROOMS and room_of(name, own)[0] is None:
            yield f"{name}:1: is in no room of {own}"
            continue
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            for pattern, places in WORDS.items():
                if re.search(pattern, line) and not in_places(name, places):
                    yield f"{name}:{number}: {pattern} belongs to {', '.join(places)}"
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match[1]
            headers[name].append(header)
            theirs = layer_of(header)
            if theirs == own and own in ROOMS:
                fault = room_fault(name, header, own)
                if fault:
                    yield f"{name}:{number}: {fault}"
            if theirs and theirs != own and theirs not in LAYERS[own]:
                yield f"{name}:{number}: {own} may not include {header}"
            for pattern, places in HEADERS.items():
                if re.fullmatch(pattern, header) and not in_places(name, places):
                    yield f"{name}:{number}: {header} belongs to {', '.join(places)}"
    yield from undescribed_rooms(root)
    for name, way in circles(headers):
        yield f"{name}:1: a circle of includes: {' -> '.join(way)}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    found = list(faults(root))
    print("\n".join(found) or "every layer and room includes what it may")
    return 1 if found else 0


sys.exit(main())
