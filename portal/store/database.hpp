// SQLite, as far as the portal uses it. One connection, one thread at a time; every call is a local file access.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace twcard::portal {

// A prepared statement being run. Columns count from 0, parameters are bound in order.
class Statement final {
public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(std::string_view text);
  Statement& bind(ByteView octets);
  Statement& bind(std::int64_t number);

  // True while there is a row. Throws std::runtime_error (a constraint, a full disk).
  [[nodiscard]] bool next();
  // Runs to the end.
  void run();

  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;

private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
  int m_bound = 0;
};

class Database final {
public:
  // ":memory:" keeps everything in memory; a new file is readable for this user only. Makes the tables that are
  // missing. Throws std::runtime_error.
  explicit Database(const std::string& file);

  [[nodiscard]] Statement prepare(std::string_view sql) { return {m_database.get(), sql}; }

private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace twcard::portal
