#include "portal/store/database.hpp"

#include <sqlite3.h>
#include <stdexcept>
#include <sys/stat.h>

namespace twcard::portal {
namespace {

// Session keys are hashes of cookies: a copy of the database signs nobody in. Times are seconds since 1970.
constexpr const char* schema = R"(
  PRAGMA foreign_keys = ON;
  CREATE TABLE IF NOT EXISTS session (
    key BLOB PRIMARY KEY, expires INTEGER NOT NULL,
    holder_name TEXT, holder_serial TEXT, simulated INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS challenge (
    session BLOB PRIMARY KEY REFERENCES session(key) ON DELETE CASCADE,
    nonce TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS nhi_form (
    reference TEXT PRIMARY KEY, holder_serial TEXT NOT NULL, received INTEGER NOT NULL, card_number TEXT NOT NULL,
    name TEXT NOT NULL, id_number TEXT NOT NULL, birth_date TEXT NOT NULL, sex TEXT NOT NULL,
    issue_date TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS nhi_account (
    card BLOB PRIMARY KEY, opened INTEGER NOT NULL, password TEXT NOT NULL, wrong INTEGER NOT NULL DEFAULT 0,
    last_wrong INTEGER NOT NULL DEFAULT 0, holder_name TEXT NOT NULL, holder_serial TEXT NOT NULL,
    simulated INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS nhi_proof (key BLOB PRIMARY KEY) WITHOUT ROWID;
)";

void check(sqlite3* database, int result) {
  if (result != SQLITE_OK) throw std::runtime_error(std::string("database: ") + sqlite3_errmsg(database));
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  check(database, sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
  m_statement.reset(statement);
}

Statement& Statement::bind(std::string_view text) {
  check(sqlite3_db_handle(m_statement.get()),
        sqlite3_bind_text64(m_statement.get(), ++m_bound, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(ByteView octets) {
  check(sqlite3_db_handle(m_statement.get()),
        sqlite3_bind_blob64(m_statement.get(), ++m_bound, octets.data(), octets.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  check(sqlite3_db_handle(m_statement.get()), sqlite3_bind_int64(m_statement.get(), ++m_bound, number));
  return *this;
}

bool Statement::next() {
  const int result = sqlite3_step(m_statement.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw std::runtime_error(std::string("database: ") + sqlite3_errstr(result));
}

void Statement::run() {
  while (next()) {
  }
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(m_statement.get(), column);
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))) : "";
}

void Database::Close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

Database::Database(const std::string& file) {
  const mode_t before = umask(077);
  sqlite3* database = nullptr;
  const int result = sqlite3_open(file.c_str(), &database);
  m_database.reset(database);
  check(database, result);
  const int made = sqlite3_exec(database, schema, nullptr, nullptr, nullptr);
  umask(before);
  check(database, made);
}

} // namespace twcard::portal
