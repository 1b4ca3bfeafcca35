// Header values that no request may get past, for the unit tests and for the running listeners (controls C1 and C2 of
// SECURITY.md).
#pragma once

#include <string>
#include <vector>

namespace twcard::web {

// What is no https origin in its ASCII form.
[[nodiscard]] inline std::vector<std::string> bad_origins() {
  std::vector<std::string> bad = {
      "",
      "null",
      "NULL",
      "undefined",
      "*",
      "https",
      "https:",
      "https:/",
      "https://",
      "//page.test",
      "page.test",
      "https:page.test",
      "https:/page.test",
      "https:///page.test",
      "https:\\\\page.test",
      "https//page.test",
      "://page.test",
      // other schemes
      "http://page.test",
      "http://page.test:443",
      "http://localhost",
      "http://localhost:8080",
      "http://127.0.0.1",
      "http://127.0.0.1:25120",
      "http://[::1]:25120",
      "ws://page.test",
      "wss://page.test",
      "ftp://page.test",
      "file://",
      "file:///",
      "file://page.test",
      "data:text/html,x",
      "blob:https://page.test/1",
      "about:blank",
      "about:srcdoc",
      "javascript:alert(1)",
      "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
      "moz-extension://01234567-89ab-cdef-0123-456789abcdef",
      "resource://page.test",
      "app://page.test",
      "httpss://page.test",
      "xhttps://page.test",
      // more than an origin
      "https://page.test/",
      "https://page.test/path",
      "https://page.test?x",
      "https://page.test#x",
      "https://user@page.test",
      "https://user:secret@page.test",
      "https://@page.test",
      "https://page.test@evil.test",
      "https://page.test\\@evil.test",
      "https://page.test/..",
      "https://page.test;x",
      "https://page.test,https://other.test",
      "https://page.test, https://other.test",
      "https://page.test https://other.test",
      "https://page.test%00",
      "https://page.test%2e",
      "https://pa%67e.test",
      "https://page.test\thttps://evil.test",
      // hosts
      "https://.",
      "https://..",
      "https://.page.test",
      "https://page.test.",
      "https://page..test",
      "https://-page.test",
      "https://page-.test",
      "https://page.-test",
      "https://pa ge.test",
      "https://page_.te*st",
      "https://*.test",
      "https://page!.test",
      "https://page$.test",
      "https://page&.test",
      "https://(page).test",
      "https://page+.test",
      "https://page=.test",
      "https://<b>.test",
      "https://page\".test",
      "https://page'.test",
      "https://page`.test",
      "https://{page}.test",
      "https://page|.test",
      "https://page~.test",
      "https://page^.test",
      "https://\xC3\xA9.test",         // é
      "https://\xE7\xB6\xB2.test",     // 網
      "https://p\xD0\xB0ge.test",      // Cyrillic а
      "https://page\xE3\x80\x82test",  // ideographic full stop
      "https://page.test\xE2\x80\xAE", // right-to-left override
      "https://\xEF\xBB\xBFpage.test", // byte order mark
      "https://page.test\x7F",
      "https://\xFFpage.test",
      // addresses
      "https://1",
      "https://1.2.3",
      "https://1.2.3.4.5",
      "https://1.2.3.256",
      "https://01.2.3.4",
      "https://1.2.3.04",
      "https://0x7f000001",
      "https://0x7f.0.0.1",
      "https://127.0.0.0x1",
      "https://2130706433",
      "https://page.1",
      "https://[]",
      "https://[",
      "https://]",
      "https://[::1",
      "https://::1",
      "https://[::1]x",
      "https://[::1]:",
      "https://[:::1]",
      "https://[::1::2]",
      "https://[0:0:0:0:0:0:0:1]",
      "https://[2001:0db8::1]",
      "https://[2001:db8:0::1]",
      "https://[::ffff:127.0.0.1]x",
      "https://[fe80::1%25eth0]",
      "https://[fe80::1%eth0]",
      "https://[g::1]",
      "https://[127.0.0.1]",
      "https://[page.test]",
      // ports
      "https://page.test:",
      "https://page.test:0",
      "https://page.test:00443",
      "https://page.test:0443",
      "https://page.test:65536",
      "https://page.test:99999",
      "https://page.test:123456",
      "https://page.test:-1",
      "https://page.test:+443",
      "https://page.test: 443",
      "https://page.test:443 ",
      "https://page.test:44a",
      "https://page.test:0x1bb",
      "https://page.test:443:443",
      "https://page.test:443/",
      "https://:443",
      // lengths
      "https://" + std::string(64, 'a') + ".test",
      "https://" + std::string(300, 'a'),
  };
  std::string long_name = "https://";
  while (long_name.size() < 262) long_name += "abc.";
  bad.push_back(long_name + "test");
  return bad;
}

// With `port` as our own.
[[nodiscard]] inline std::vector<std::string> bad_hosts(int port) {
  const auto with_port = [port](const std::string& host) { return host + ":" + std::to_string(port); };
  const auto other = std::to_string(port == 80 ? 81 : port + 1);
  return {"",
          "localhost",
          "127.0.0.1",
          "[::1]",
          "127.0.0.1:",
          "127.0.0.1:" + other,
          "localhost:" + other,
          "[::1]:" + other,
          "127.0.0.1:0" + std::to_string(port),
          "127.0.0.1:+" + std::to_string(port),
          "127.0.0.1:" + std::to_string(port) + "0",
          "127.0.0.1:" + std::to_string(port) + ":1",
          with_port("127.0.0.2"),
          with_port("127.1"),
          with_port("2130706433"),
          with_port("0x7f.0.0.1"),
          with_port("0.0.0.0"),
          with_port("::1"),
          with_port("[::]"),
          with_port("[0:0:0:0:0:0:0:1]"),
          with_port("[::ffff:127.0.0.1]"),
          with_port("localhost."),
          with_port("localhost.localdomain"),
          with_port("evil.localhost"),
          with_port("localhost.evil.test"),
          with_port("page.test"),
          with_port("rebind.evil.test"),
          with_port("127.0.0.1.evil.test"),
          with_port("user@127.0.0.1"),
          with_port("evil.test@localhost"),
          with_port("localhost/"),
          with_port("http://localhost"),
          with_port("127.0.0.1, evil.test"),
          "localhost:" + std::to_string(port) + ", evil.test",
          "localhost:" + std::to_string(port) + "/"};
}

// Header values that a request can carry: no line breaks, and no white space at the ends, which HTTP takes away.
[[nodiscard]] inline bool fits_a_header(const std::string& value) {
  for (const char c : value)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  return value.empty() || (value.front() != ' ' && value.back() != ' ');
}

} // namespace twcard::web
