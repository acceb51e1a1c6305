/*
 * exchange.h - a simulated Exchange: one mailbox model behind three doors
 *
 * It shares no code with what it tests: nothing above proxy/exchange/backend.h
 * is included here, and of proxy/ only that header and proxy/base for its
 * types.  The in-memory door fills struct backend for unit tests; the EWS door
 * speaks SOAP over HTTP or HTTPS to the letter of the schema and refuses what a
 * real server refuses. `postern demo` runs on it.
 */
#ifndef POSTERN_TESTS_EXCHANGE_H
#define POSTERN_TESTS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backend;
struct exchange;

enum exchange_version {
    EXCHANGE_2007_SP1, /* 8.1 */
    EXCHANGE_2010_SP1, /* 14.1 */
    EXCHANGE_2010_SP2, /* 14.2 */
    EXCHANGE_2013_SP1, /* 15.0.847 */
    EXCHANGE_2016,     /* 15.1 */
    EXCHANGE_2019,     /* 15.2 */
    EXCHANGE_VERSION_COUNT
};

struct exchange *exchange_new(enum exchange_version version);
void exchange_free(struct exchange **exchange);

/* --- Who and what is there ----------------------------------------------- */

/* `address` is the login name too; so are "DOMAIN\alias" and the alias.  Makes
 * the default folders, with display names in the language ("en", "de"). */
void exchange_add_user(struct exchange *exchange, const char *address,
                       const char *display_name, const char *password,
                       const char *language);

/* The demo: demo@postern.example (password "demo") with a few hundred varied
 * messages and folders, a calendar, tasks and contacts, an archive, and public
 * folders; anna@ and bert@ to write to (password "demo").  Anna lets demo@ read
 * her inbox and write into her folder "Rota".  Some thirty people, rooms and
 * groups are in the directory, and an offline address book of them. */
void exchange_add_demo(struct exchange *exchange);

/* Archives are from 2010 SP1 on; they and the public folders are filled as a
 * user's mailbox is, under the names "user@example.com/archive" and
 * EXCHANGE_PUBLIC.  Everybody may write into public folders ("Author") unless
 * exchange_grant says otherwise. */
#define EXCHANGE_PUBLIC "public folders"
void exchange_add_archive(struct exchange *exchange, const char *user);
void exchange_add_public_folder(struct exchange *exchange, const char *path);

/* From 2013 on public folders lie in mailboxes of their own, which autodiscover
 * tells: the tree and all folders in EXCHANGE_PUBLIC_TREE, unless a folder, and
 * those below it, is put into another one. */
#define EXCHANGE_PUBLIC_TREE "publicfolders@postern.example"
void exchange_put_public_folder(struct exchange *exchange, const char *path,
                                const char *address);

/* Adds to the user's list of categories, which is part of a configuration in
 * his calendar from 2010 on.  Colours are 0 to 24, or -1 for none. */
void exchange_add_category(struct exchange *exchange, const char *user,
                           const char *name, int colour);

/* The zone ("W. Europe Standard Time") that a user has chosen in Outlook on the
 * Web, which is part of a configuration of his mailbox; NULL: he never has. */
void exchange_set_zone(struct exchange *exchange, const char *user,
                       const char *zone);

/* Whether nobody else may see when he is busy. */
void exchange_hide_busy(struct exchange *exchange, const char *user,
                        bool hidden);

/* Adds a folder by path below the top ("Projects/Bread"; "\\/" is a slash in a
 * name) and a message to a folder; NULL as folder is the inbox.  The content
 * has CRLF. Returns an item's id, owned by the exchange. */
void exchange_add_folder(struct exchange *exchange, const char *user,
                         const char *path);
const char *exchange_add_message(struct exchange *exchange, const char *user,
                                 const char *folder, const char *mime,
                                 size_t len, int64_t received, bool read);

/* A message from elsewhere comes in: what it says of a meeting is put into the
 * calendar. */
void exchange_receive(struct exchange *exchange, const char *user,
                      const char *mime);

/* Adds an event, with exceptions if it is a series, from its iCalendar text; or
 * a task, contact or anything else that CreateItem takes, from its element in
 * the namespace "t" ("<t:Task>...</t:Task>"), to a distinguished folder.
 * Nobody is told.  Returns its id, owned by the exchange; NULL if it was
 * refused. */
const char *exchange_add_event(struct exchange *exchange, const char *user,
                               const char *calendar);
const char *exchange_add_object(struct exchange *exchange, const char *user,
                                const char *folder, const char *element);

/* Many small varied messages at once. */
void exchange_fill(struct exchange *exchange, const char *user,
                   const char *folder, size_t count);

/* What a test compares with: the number of messages; the content of the nth
 * oldest (malloc'ed); how many have this Message-ID. */
size_t exchange_count(struct exchange *exchange, const char *user,
                      const char *folder);
char *exchange_content(struct exchange *exchange, const char *user,
                       const char *folder, size_t nth, size_t *len_out);
size_t exchange_count_message_id(struct exchange *exchange, const char *user,
                                 const char *folder, const char *message_id);

/* Acts as another client would, on the nth oldest message. */
void exchange_mark_read(struct exchange *exchange, const char *user,
                        const char *folder, size_t nth, bool read);
void exchange_remove(struct exchange *exchange, const char *user,
                     const char *folder, size_t nth);
void exchange_flag(struct exchange *exchange, const char *user,
                   const char *folder, size_t nth, bool flagged);
void exchange_move(struct exchange *exchange, const char *user,
                   const char *folder, size_t nth, const char *target);

/* These are its categories then; NULL at the end. */
void exchange_categorize(struct exchange *exchange, const char *user,
                         const char *folder, size_t nth,
                         const char *const categories[]);

/* Nothing happens where that name is taken, or the folder is one that every
 * mailbox has. */
void exchange_rename_folder(struct exchange *exchange, const char *user,
                            const char *path, const char *name);
void exchange_remove_folder(struct exchange *exchange, const char *user,
                            const char *path);

/* Makes it a folder for something else: "IPF.Appointment". */
void exchange_classify_folder(struct exchange *exchange, const char *user,
                              const char *path, const char *class);

/* How many messages have been sent to people since the beginning: one for each
 * of the recipients, here or elsewhere. */
unsigned exchange_mails(struct exchange *exchange);

/* A line for each message, the oldest first: Message-ID, octets, what it is of
 * "seen", "flagged", "deleted", and its categories.  And the names of the mail
 * folders below the top, a line for each.  Free them. */
char *exchange_list(struct exchange *exchange, const char *user,
                    const char *folder);
char *exchange_list_folders(struct exchange *exchange, const char *user);

/* --- The directory -------------------------------------------------------- */

/* Everybody with a mailbox is in it.  These have none here: a person, whose
 * mailbox is on another server where his domain is ours, and elsewhere
 * otherwise; a room. */
void exchange_add_person(struct exchange *exchange, const char *address,
                         const char *name);
void exchange_add_room(struct exchange *exchange, const char *address,
                       const char *name);

/* Takes anybody out of the directory; changes what he is called there. */
void exchange_remove_person(struct exchange *exchange, const char *address);
void exchange_rename_person(struct exchange *exchange, const char *address,
                            const char *name);

/* What the directory tells of somebody: an element of a contact ("JobTitle",
 * "Department", "GivenName", "Alias"), a key of its telephone numbers
 * ("BusinessPhone") or a part of its address ("Street"), and its text; NULL:
 * nothing any more.  A "ManagerMailbox" is the address of one who is there, of
 * "ProxyAddress", "UserSMIMECertificate" and "MSExchangeCertificate" (base64)
 * each call adds one. */
void exchange_describe(struct exchange *exchange, const char *address,
                       const char *element, const char *text);

/* Many varied people of "postern.example", and a group of them for each
 * department; always the same ones. */
void exchange_fill_directory(struct exchange *exchange, size_t count);

/* Groups of people (mail to one goes to each of them) and lists of rooms.  The
 * lists end with NULL.  Who may not see the members is told that there is no
 * such group. */
void exchange_add_group(struct exchange *exchange, const char *address,
                        const char *name, const char *const members[]);
void exchange_add_room_list(struct exchange *exchange, const char *address,
                            const char *name, const char *const rooms[]);
void exchange_hide_members(struct exchange *exchange, const char *group,
                           bool hidden);

/* The offline address book, which autodiscover tells of: an edition of the
 * directory as it is now, compressed or stored; a newer edition; one that has a
 * fault.  There is none before the first. */
enum exchange_book_fault {
    BOOK_WHOLE,
    BOOK_CORRUPT,    /* a few octets of the file differ, as its hash says */
    BOOK_WRONG_HASH, /* the hash is of something else */
    BOOK_TRUNCATED,  /* half the file comes */
    BOOK_MISSING,    /* the file that the manifest names is not there */
    BOOK_NONSENSE    /* well packed, but records that none can read */
};

void exchange_offer_book(struct exchange *exchange, bool compressed);
void exchange_new_book(struct exchange *exchange);
void exchange_break_book(struct exchange *exchange,
                         enum exchange_book_fault fault);

/* His picture, a JPEG or PNG; NULL: none. */
void exchange_set_photo(struct exchange *exchange, const char *address,
                        const void *data, size_t len);

/* --- Knobs --------------------------------------------------------------- */

enum exchange_fault {
    FAULT_NONE,
    FAULT_HTTP_401,
    FAULT_HTTP_429,
    FAULT_HTTP_500,
    FAULT_HTTP_503,
    FAULT_SERVER_BUSY,       /* SOAP fault with BackOffMilliseconds =
                                parameter */
    FAULT_SERVER_BUSY_INNER, /* the same inside a response message */
    FAULT_ITEM_TRANSIENT,    /* ErrorInternalServerTransientError on every 3rd
                                item */
    FAULT_ITEM_CORRUPT,      /* ErrorItemCorrupt on the item in parameter
                                (nth) */
    FAULT_BATCH_STOPPED,     /* ErrorBatchProcessingStopped after parameter
                                items */
    FAULT_RESET_BEFORE,      /* connection reset before anything was done */
    FAULT_RESET_AFTER,       /* done, then reset without an answer */
    FAULT_TRUNCATED,         /* done, half the answer with the full length,
                                close */
    FAULT_MALFORMED,         /* done, an answer that is no XML in the middle */
    FAULT_SLOW,              /* parameter milliseconds before each tenth */
    FAULT_HANG,              /* reads the request and never answers */
    FAULT_LOGIN_PAGE,        /* 200 with an HTML page */
    FAULT_RESPONSE_CODE      /* every item gets `code` */
};

struct exchange_fault_rule {
    const char *operation; /* "GetItem"; NULL: any */
    enum exchange_fault fault;
    unsigned skip;         /* calls that go well before */
    unsigned times;        /* calls that fail; UINT_MAX: for ever */
    long parameter;
    const char *code;      /* "ErrorQuotaExceeded" */
};

void exchange_set_fault(struct exchange *exchange,
                        const struct exchange_fault_rule *rule);
void exchange_clear_faults(struct exchange *exchange);

/* Has something done before the next call of that operation is: what somebody
 * else does between two calls.  It is done once, by another thread. */
void exchange_interject(struct exchange *exchange, const char *operation,
                        void (*run)(void *context), void *context);
void exchange_set_latency(struct exchange *exchange, unsigned milliseconds);

/* Makes every sync state given out so far invalid; gives all items new ids, as
 * a mailbox move does. */
void exchange_invalidate_sync(struct exchange *exchange, const char *user);
void exchange_change_ids(struct exchange *exchange, const char *user);

/* Calls since the last reset; NULL counts all.  HTTP requests that never became
 * an operation (401, handshakes) count as "HTTP"; "Autodiscover", "OAB" (each
 * file of the offline address book) and "GetUserPhoto" (of either kind) are
 * operations, too. */
unsigned exchange_calls(struct exchange *exchange, const char *operation);
void exchange_reset_calls(struct exchange *exchange);

/* The most calls that were in progress at one time since the last reset. */
unsigned exchange_peak(struct exchange *exchange);

/* How much a user may ask for at one time; 0: as much as he likes, which is how
 * an exchange begins.  More calls than these are refused with
 * ErrorExceededConnectionCount, more Syncs with ErrorServerBusy and the time to
 * stay away; all Finds at once get no more rows than these together, or (up to
 * 2010) ErrorExceededFindCountLimit. */
struct exchange_policy {
    unsigned calls;
    unsigned syncs;
    unsigned rows;
    unsigned back_off;     /* milliseconds */
};

struct exchange_policy exchange_installed_policy(enum exchange_version version);
void exchange_set_policy(struct exchange *exchange,
                         const struct exchange_policy *policy);

/* The most that a user (NULL: any single one) had in progress at one time since
 * the last reset: calls, without streams that are open; Finds and Syncs among
 * them; streams. */
enum exchange_load { LOAD_CALLS, LOAD_LISTS, LOAD_STREAMS, LOAD_COUNT };

unsigned exchange_load_peak(struct exchange *exchange, const char *user,
                            enum exchange_load what);

/* A line for each call over HTTP since the last reset: its operation and its
 * X-AnchorMailbox, "-" without one.  Free it. */
char *exchange_anchors(struct exchange *exchange);

/* How many calls over HTTP since the last reset had to be passed on to another
 * server, from 2013 on: they were about another mailbox than the one they were
 * anchored on, or about a public folder and did not name the mailbox that has
 * it (that with the tree where Microsoft's table wants it).  Subscriptions are
 * not passed on: whoever asks for the news of one that was made under another
 * anchor gets ErrorSubscriptionNotFound. */
unsigned exchange_passed_on(struct exchange *exchange);

/* Gives out a token for a user, of the characters that RFC 6750 allows; what it
 * opens are EXCHANGE_BEARER and the in-memory door, as long as it has not
 * ended. */
void exchange_issue_token(struct exchange *exchange, const char *user,
                          const char *token);
void exchange_end_token(struct exchange *exchange, const char *token);

/* Lets somebody (an address, "Default" for all users, "Anonymous") do in a
 * folder what a level allows: "Reviewer", "Editor" and the like; "None" takes
 * it back.  A NULL folder is the whole mailbox, as an administrator opens it,
 * whatever the level. A `to` that is a SID ("S-1-5-21-1") is an entry of
 * somebody who is not known any more. */
void exchange_grant(struct exchange *exchange, const char *user,
                    const char *folder, const char *to, const char *level);

/* Lets `user` send with this address in From. */
void exchange_allow_send_as(struct exchange *exchange, const char *user,
                            const char *from);

/* The largest message that is taken, in octets (ErrorMessageSizeExceeded), and
 * how much a mailbox may hold (ErrorQuotaExceeded).  0: no limit.  The root
 * folder shows the quota as the limit for receiving (0x666A), less 5 % as that
 * for sending (0x666E) and less 10 % as the warning (0x3FF5), all in KB; its
 * 0x0E08 is what is counted against it. */
void exchange_set_message_limit(struct exchange *exchange, uint64_t octets);
void exchange_set_quota(struct exchange *exchange, uint64_t octets);

/* Takes the content index away, so that no QueryString can be asked. */
void exchange_set_indexed(struct exchange *exchange, bool indexed);

/* Takes autodiscover away, and brings it back. */
void exchange_set_autodiscover(struct exchange *exchange, bool there);

/* Renders messages differently in boundaries and size each time they are
 * read. */
void exchange_set_rerender(struct exchange *exchange, bool rerender);

/* Makes a folder one that cannot be synced, as public folders are. */
void exchange_set_unsyncable(struct exchange *exchange, const char *user,
                             const char *folder);

/* Makes the nth oldest message one whose content Exchange cannot give out. */
void exchange_corrupt(struct exchange *exchange, const char *user,
                      const char *folder, size_t nth);

/* --- Notifications ------------------------------------------------------- */

/*
 * Streaming from 2010 SP1 on, pulling always; push subscriptions are taken and
 * nothing is ever sent for them.  The limits of real servers hold: see
 * exchange_set_notify_limits.  A stream counts as a call in progress until its
 * first answer is out.
 */

/* How long a stream is quiet before a heart-beat (45 s), how long what the
 * protocol calls a minute lasts, and how late events are told.  0: as a real
 * server has it. */
void exchange_set_heartbeat(struct exchange *exchange, unsigned milliseconds);
void exchange_set_minute(struct exchange *exchange, unsigned milliseconds);
void exchange_set_event_delay(struct exchange *exchange, unsigned milliseconds);

/* Streams stay open, and nothing comes any more: no events, no heart-beats, no
 * end. */
void exchange_set_silent(struct exchange *exchange, bool silent);

/* The most streams and subscriptions a user may have; 0: as installed. */
void exchange_set_notify_limits(struct exchange *exchange, unsigned streams,
                                unsigned subscriptions);

/* Breaks the connections of all streams, between two answers or in the middle
 * of one. */
void exchange_cut_streams(struct exchange *exchange, bool inside);

/* Forgets a user's subscriptions (NULL: everybody's), telling the streams that
 * read them; makes them miss events, so that they end with
 * ErrorMissedNotificationEvents; forgets all and breaks all streams, as when
 * the server restarts. */
void exchange_lose_subscriptions(struct exchange *exchange, const char *user);
void exchange_lose_events(struct exchange *exchange, const char *user);
void exchange_restart(struct exchange *exchange);

/* How many there are now, of a user or (NULL) in all. */
unsigned exchange_streams(struct exchange *exchange, const char *user);
unsigned exchange_subscriptions(struct exchange *exchange, const char *user);

/* --- Doors --------------------------------------------------------------- */

/* The in-memory door.  `exchange` is found by the settings' exchange.url, which
 * is what exchange_memory_url returns. */
extern const struct backend exchange_memory_backend;
const char *exchange_memory_url(struct exchange *exchange);

enum exchange_auth {
    EXCHANGE_BASIC = 1,
    EXCHANGE_NTLM = 2,
    EXCHANGE_BEARER = 4    /* tokens, as with hybrid modern authentication */
};

/* Serves EWS on 127.0.0.1 at `port` (0: any) from threads of its own.  With TLS
 * it makes a CA and a certificate for "localhost" and 127.0.0.1.  Returns the
 * port, 0 when it cannot be bound. */
uint16_t exchange_serve(struct exchange *exchange, uint16_t port, bool tls,
                        unsigned auth);

/* "https://localhost:PORT/EWS/Exchange.asmx", and the file that holds the
 * CA. */
const char *exchange_url(struct exchange *exchange);
const char *exchange_ca_file(struct exchange *exchange);

/* How many connections there are.  None once a gateway has died and all that it
 * had asked for is done. */
unsigned exchange_guests(struct exchange *exchange);

void exchange_stop(struct exchange *exchange);

#endif
