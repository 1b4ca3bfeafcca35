// The one door to the cards (docs/decisions/010). It owns all that is known of permission: who is asked for what
// (policy.hpp), permanent consents (grants.hpp), and those of a page's connection (page_memory.hpp). Nobody else is
// given a card.
//
// Whatever is not exactly what was granted - another card, none, several, one that cannot be read, a site that is
// silenced - is a question to the person as if there were no grant, so that a site learns nothing from the difference
// (docs/decisions/002 and 009). One strand: everything is used from the executor of the service.
#pragma once

#include "daemon/card/permission/grants.hpp"
#include "daemon/card/permission/page_memory.hpp"
#include "daemon/card/permission/permit.hpp"

namespace twcard::service {

class Permission final {
public:
  // `person` and `table` outlive the object.
  Permission(std::shared_ptr<TokenCache> cards, Person& person, Grants grants, std::span<const Policy> table = policies)
      : m_cards(std::move(cards)), m_person(person), m_grants(std::move(grants)), m_table(table) {}

  // Consent to use a card that `fits`: one that holds for the page's connection, a permanent one, or one that the
  // person is asked for. Throws what the person throws; ConsentDenied; BadRequest for a caller who may not request it.
  boost::asio::awaitable<Permit> ask(CardRequest request, Fits fits);
  // The same for a list of every reader, or of the one that is named, with what is in it, once all cards have been
  // read. The person is asked about all of them once at most. Throws NoPcsc as well; NoReader for one that is not
  // there.
  boost::asio::awaitable<Released<std::vector<ApprovedReader>>> list(CardRequest request);
  // Every reader, for a program of this user, which is asked nothing. Throws BadRequest for a site.
  [[nodiscard]] std::vector<ApprovedReader> list_for_program(const Caller& caller) const;

  [[nodiscard]] bool may_hear_of(std::uint64_t connection, const std::string& origin, const Token& token) const {
    return m_pages.may_hear_of(connection, origin, token);
  }
  [[nodiscard]] std::vector<Grant> grants() const { return m_grants.all(); }

  void connection_closed(std::uint64_t connection) { m_pages.connection_closed(connection); }
  // The person revokes whatever a site, or (nullopt) any site, may do unasked. How many grants there were. Throws as
  // Grants::revoke.
  std::size_t revoked(const std::optional<std::string>& origin);

private:
  friend class Permit;

  [[nodiscard]] const Policy& policy_for(const ConsentQuestion& question) const;
  boost::asio::awaitable<ConsentAnswer> ask_person(ConsentQuestion question);
  // What the answer allows from now on: nothing when something was revoked since it was asked for.
  void remember(const ConsentQuestion& question, const ConsentAnswer& answer, const TokenCache::Tokens& cards);
  // Whether a consent of the page's connection covers all of these.
  [[nodiscard]] bool remembers(const ConsentQuestion& question, const TokenCache::Tokens& cards) const;

  [[nodiscard]] bool is_grantable(const ConsentQuestion& question) const;
  // Whether it is of any use to look for a granted card.
  [[nodiscard]] bool may_be_granted(const ConsentQuestion& question) const;
  // Whether the card may be read unasked at this moment.
  [[nodiscard]] bool is_granted(const ConsentQuestion& question, const Token& token) const;
  [[nodiscard]] bool all_granted(const ConsentQuestion& question, const TokenCache::Tokens& cards) const;
  void use_grant(const ConsentQuestion& question, const Token& token);
  [[nodiscard]] static std::vector<ApprovedReader> approved(const std::vector<TokenCache::ReaderEntry>& readers);
  [[nodiscard]] std::vector<TokenCache::ReaderEntry> readers_meant(const std::optional<std::string>& reader) const;

  std::shared_ptr<TokenCache> m_cards;
  Person& m_person;
  Grants m_grants;
  std::span<const Policy> m_table;
  PageMemory m_pages;
};

} // namespace twcard::service
