#include "daemon/card/permission/page_memory.hpp"

#include <algorithm>

namespace twcard::service {

PageMemory::Insertions PageMemory::insertions_of(const Cards& cards) {
  Insertions insertions;
  for (const auto& token : cards) insertions.insert(token->insertion);
  return insertions;
}

const PageMemory::Page* PageMemory::page_of(std::uint64_t connection, const std::string& origin) const {
  const auto found = m_pages.find({connection, origin});
  return found == m_pages.end() ? nullptr : &found->second;
}

bool PageMemory::has_consent(const Caller& caller, Operation operation, const Cards& cards) const {
  const auto* page = page_of(caller.connection, caller.origin.value());
  if (page == nullptr) return false;
  const auto found = page->consents.find(operation);
  return found != page->consents.end() && std::ranges::includes(found->second, insertions_of(cards));
}

void PageMemory::keep_consent(const Caller& caller, Operation operation, const Cards& cards) {
  page_of(caller).consents[operation].merge(insertions_of(cards));
}

std::shared_ptr<const Token> PageMemory::choice(const Caller& caller, const Cards& offered) const {
  const auto* page = page_of(caller.connection, caller.origin.value());
  if (page == nullptr) return nullptr;
  const auto chosen = page->choices.find(insertions_of(offered));
  if (chosen == page->choices.end()) return nullptr;
  return *std::ranges::find(offered, chosen->second, &Token::insertion);
}

void PageMemory::keep_choice(const Caller& caller, const Cards& offered, const Token& chosen) {
  page_of(caller).choices[insertions_of(offered)] = chosen.insertion;
}

bool PageMemory::may_hear_of(std::uint64_t connection, const std::string& origin, const Token& token) const {
  const auto* page = page_of(connection, origin);
  if (page == nullptr) return false;
  const auto* snapshot = token.snapshot();
  return page->heard_of.contains(token.insertion) ||
         (snapshot != nullptr && page->heard_of_numbers.contains(snapshot->card_number_hash));
}

void PageMemory::open_events(const Caller& caller, const Token& token) {
  auto& page = page_of(caller);
  page.heard_of.insert(token.insertion);
  if (const auto* snapshot = token.snapshot(); snapshot != nullptr && !snapshot->card_number_hash.empty())
    page.heard_of_numbers.insert(snapshot->card_number_hash);
}

void PageMemory::revoke(const std::optional<std::string>& origin) {
  for (auto& [key, page] : m_pages) {
    if (origin && key.second != *origin) continue;
    auto choices = std::move(page.choices);
    page = {};
    page.choices = std::move(choices);
  }
}

void PageMemory::connection_closed(std::uint64_t connection) {
  std::erase_if(m_pages, [connection](const auto& page) { return page.first.first == connection; });
}

} // namespace twcard::service
