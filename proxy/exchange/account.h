/*
 * account.h - the people whose mailboxes we open, shared by all listeners
 *
 * An account is one mailbox as one user sees it.  It holds the credential
 * cache, the connections to Exchange, the index and whoever waits for changes.
 * It is made by the first login and stays while the gateway runs.
 */
#ifndef POSTERN_EXCHANGE_ACCOUNT_H
#define POSTERN_EXCHANGE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/base/status.h"

struct account;
struct accounts;
struct backend;
struct secret;
struct settings;

/* All accounts of this gateway over one kind of Exchange.  `settings` and
 * `backend` outlive it.  NULL and a log line when the state directory cannot be
 * used. */
struct accounts *accounts_new(const struct settings *settings,
                              const struct backend *backend);

/* Takes over reloaded settings; connections to Exchange follow them when
 * reopened. */
void accounts_reload(struct accounts *accounts,
                     const struct settings *settings);

/* There is nothing to do for a while: gives memory back that only work needs.
 * Never waits. */
void accounts_rest(struct accounts *accounts);

/* Waits for the watcher, closes every index.  No session may be left. */
void accounts_free(struct accounts **accounts);

/*
 * Opens the door.  The first time Exchange is asked (STATUS_AUTH_* when it says
 * no, STATUS_UNAVAILABLE when it cannot be reached); after that the same
 * password is recognised here by a salted hash.  A refused one is remembered as
 * well, and after several of them the pause before Exchange is asked about
 * another grows, so that no client locks the user out (credentials.h).  `user`
 * is an address, a UPN or DOMAIN\user.
 *
 * A secret that is a token (secret_new_token) goes to Exchange as it is.  It
 * opens the mailbox only of whom it was given to, whatever `user` says, and
 * all of the account's sessions go on with the newest one.
 *
 * The account is referenced; give it back with account_unref.
 */
enum status account_login(struct op *op, struct accounts *accounts,
                          const char *user, const struct secret *secret,
                          struct account **account_out);

struct account *account_ref(struct account *account);
void account_unref(struct account **account);

/* Whether Exchange has refused the token that the account goes on with, and no
 * newer one has come: before another login nothing more can be had.  Listeners
 * are told when that happens. */
bool account_has_expired(const struct account *account);

/* As the client wrote it at the first login; lives as long as the account. */
const char *account_user(const struct account *account);

/* The primary SMTP address; "" while Exchange has not told.  A copy in the
 * arena. */
const char *account_address(struct op *op, struct account *account);

/* The largest message Exchange is known to accept, in octets of MIME. */
uint64_t account_message_limit(const struct account *account);

/* How full the mailbox is, in octets. */
struct account_quota {
    uint64_t used;
    uint64_t limit;
};

/* One call, unless it was asked a few seconds ago.  STATUS_NOT_FOUND when
 * Exchange sets no limit, or does not tell. */
enum status account_quota(struct op *op, struct account *account,
                          struct account_quota *quota_out);

/* The categories that the user has given a colour. */
struct account_category {
    const char *name;
    const char *color; /* "#e7a1a2"; NULL: he wants none */
};

/* One call; none of them where Exchange keeps no such list (before 2010). */
enum status account_categories(struct op *op, struct account *account,
                               struct account_category **categories_out,
                               size_t *count_out);

/* The same as it was last heard of, without asking: for each one with a colour
 * its name, "\x01", the colour and "\n".  NULL when nobody has looked yet.
 * Listeners are told when it changes. */
const char *account_known_colors(struct op *op, struct account *account);

#endif
