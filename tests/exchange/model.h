/*
 * model.h - mailboxes, folders and items of the simulated Exchange
 *
 * All doors work on this.  Everything here is guarded by the one mutex of the
 * exchange: exchange_lock before the first look, exchange_unlock after the
 * last, and never a wait in between.
 *
 * A mailbox has a clock that ticks with every change.  A folder's journal notes
 * the tick of each change, so that a sync state is a folder and a tick.  Items
 * are numbered in the order in which they came (serials); moving makes a new
 * item.
 */
#ifndef POSTERN_TESTS_EXCHANGE_MODEL_H
#define POSTERN_TESTS_EXCHANGE_MODEL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/exchange/exchange.h"

/* --- Properties ---------------------------------------------------------- */

/* clang-format off */
/* In the order of the schema's MapiPropertyTypeType. */
enum property_type {
    TYPE_APPLICATION_TIME, TYPE_APPLICATION_TIME_ARRAY,
    TYPE_BINARY, TYPE_BINARY_ARRAY, TYPE_BOOLEAN, TYPE_CLSID, TYPE_CLSID_ARRAY,
    TYPE_CURRENCY, TYPE_CURRENCY_ARRAY, TYPE_DOUBLE, TYPE_DOUBLE_ARRAY,
    TYPE_ERROR, TYPE_FLOAT, TYPE_FLOAT_ARRAY, TYPE_INTEGER, TYPE_INTEGER_ARRAY,
    TYPE_LONG, TYPE_LONG_ARRAY, TYPE_NULL, TYPE_OBJECT, TYPE_OBJECT_ARRAY,
    TYPE_SHORT, TYPE_SHORT_ARRAY, TYPE_SYSTEM_TIME, TYPE_SYSTEM_TIME_ARRAY,
    TYPE_STRING, TYPE_STRING_ARRAY, TYPE_COUNT
};
/* clang-format on */

/* A tag (no set), or a number or a name in a set. */
struct property_key {
    const char *set;        /* a GUID in lower case; NULL for a tag */
    uint32_t number;        /* the tag's upper half or the number in the set */
    const char *name;       /* NULL for numbered ones */
    enum property_type type;
};

/* Values are kept as the text that stands in XML. */
struct property_value {
    const char *const *texts;
    size_t count;           /* 1 unless the type is an array; 0: absent */
};

struct property {
    struct property_key key;
    char **texts;
    size_t count;
};

struct property_bag {
    struct property *properties;
    size_t count;
};

#define SET_APPOINTMENT "00062002-0000-0000-c000-000000000046"
#define SET_TASK "00062003-0000-0000-c000-000000000046"
#define SET_ADDRESS "00062004-0000-0000-c000-000000000046"
#define SET_COMMON "00062008-0000-0000-c000-000000000046"
#define SET_MEETING "6ed8da90-450b-101b-98da-00aa003f1305"
#define SET_PUBLIC_STRINGS "00020329-0000-0000-c000-000000000046"
#define SET_INTERNET_HEADERS "00020386-0000-0000-c000-000000000046"
#define LID_IMAP_DELETED 0x8570u

bool property_type_is_array(enum property_type type);
bool property_key_equal(const struct property_key *a,
                        const struct property_key *b);

const struct property *bag_find(const struct property_bag *bag,
                                const struct property_key *key);
void bag_set(struct property_bag *bag, const struct property_key *key,
             const char *const texts[], size_t count);
void bag_remove(struct property_bag *bag, const struct property_key *key);
void bag_copy(struct property_bag *to, const struct property_bag *from);
void bag_fini(struct property_bag *bag);

/* Plain numbers by tag or in the set Common; absent ones are `otherwise`. */
int64_t bag_number(const struct property_bag *bag, const char *set,
                   uint32_t number, int64_t otherwise);
void bag_set_number(struct property_bag *bag, const char *set, uint32_t number,
                    int64_t value);

/* --- Content ------------------------------------------------------------- */

/* The octets of a message, shared by its copies and never changed. */
struct sim_content {
    unsigned references;
    char *data;             /* with a NUL behind it */
    size_t len;
    size_t header_len;      /* with the empty line */
};

struct sim_content *sim_content_new(const char *data, size_t len);
struct sim_content *sim_content_ref(struct sim_content *content);
void sim_content_unref(struct sim_content **content);

/* --- Items --------------------------------------------------------------- */

#define FLAG_READ 0x1u      /* the bits of 0x0E07 */
#define FLAG_UNMODIFIED 0x2u
#define FLAG_SUBMITTED 0x4u
#define FLAG_UNSENT 0x8u
#define FLAG_HAS_ATTACHMENT 0x10u
#define FLAG_FROM_ME 0x20u
#define FLAG_RECEIPT_PENDING 0x100u

struct sim_mailbox;

struct sim_item {
    struct sim_folder *folder;
    uint64_t serial;
    char *id;               /* made when first asked for; item_id */

    uint64_t created_tick;  /* when it came into this folder */
    uint64_t changed_tick;  /* anything but the read flag */
    uint64_t read_tick;     /* the read flag */
    uint64_t tick;          /* the later of the two: the change key */

    char *class;
    struct sim_content *content;
    uint32_t flags;
    uint32_t article;       /* 0x0E23 */
    int64_t received;       /* 0x0E06; TIME_NONE: absent */
    int64_t submitted;      /* 0x0039; TIME_NONE: absent */
    int64_t created;
    int64_t modified;
    unsigned char search_key[16];
    uint64_t conversation;  /* fixed when it comes */
    uint64_t topic;         /* hashes, to find what it belongs to */
    uint64_t message_id;
    const struct sim_mailbox *creator; /* NULL: nobody of ours */
    unsigned *readers;      /* numbers of mailboxes: who has read a public one */
    size_t reader_count;
    char *transport_header; /* 0x007D; NULL unless it was received */
    char **categories;      /* NULL at the end; NULL: none */
    struct property_bag bag;
    bool corrupt;           /* cannot be rendered */

    struct sim_series *series;   /* of what recurs; series.h */
    struct sim_item *master;     /* of an occurrence as a call sees it */
    int64_t day;                 /* ... and the day that the rule has it on */
    struct sim_attachment *attachments; /* of what is no mail; attachments.h */
    size_t attachment_count;
    uint32_t last_attachment;
};

/* --- Folders ------------------------------------------------------------- */

enum sim_journal_kind { JOURNAL_CHANGED, JOURNAL_READ, JOURNAL_GONE };

struct sim_journal_entry {
    enum sim_journal_kind kind;
    uint64_t tick;
    uint64_t serial;
    uint64_t created_tick;  /* of what is gone */
    char *id;               /* of what is gone; NULL otherwise */
};

struct sim_folder {
    struct sim_mailbox *mailbox;
    struct sim_folder *parent;  /* NULL: the root */
    uint64_t serial;
    char *id;               /* made with the folder */
    const char *use;        /* its distinguished id; NULL: none */
    char *name;
    char *class;            /* "IPF.Note"; "" for some */
    bool hidden;
    bool search;            /* a search folder: cannot be synced */
    struct sim_search *criteria; /* of one that somebody made: searches.h */
    bool unsyncable;        /* as public folders are */
    size_t home;            /* of a public one, the number of its mailbox; 0:
                               where its parent is; publics.h */
    bool gone;

    uint64_t created_tick;
    uint64_t changed_tick;
    uint64_t gone_tick;

    struct sim_item **items;    /* by serial: in the order they came */
    size_t count;
    size_t capacity;
    size_t unread;
    struct sim_journal_entry *journal;
    size_t journal_count;
    size_t journal_capacity;

    uint32_t next_article;
    uint32_t deleted_total; /* 0x670B */
    int64_t created;
    int64_t modified;
    int64_t committed;      /* 0x670A */
    struct property_bag bag;
    struct sim_permission *permissions; /* access.h */
    size_t permission_count;
};

/* --- Mailboxes ----------------------------------------------------------- */

/* What has happened; events.h. */
struct sim_log {
    bool watched;           /* somebody has subscribed */
    struct sim_event *events;
    size_t count;
    size_t capacity;
    uint64_t newest;        /* the number of the last one */
};

struct sim_mailbox {
    struct exchange *exchange;
    unsigned number;
    char *address;
    char *alias;
    char *display_name;
    char *password;
    char *language;
    char guid[37];
    uint32_t epoch;         /* of ids; exchange_change_ids */
    uint32_t sync_epoch;    /* of sync states; exchange_invalidate_sync */
    uint64_t tick;

    struct sim_folder **folders; /* by serial, gone ones included */
    size_t folder_count;

    struct sim_item **items;     /* by serial; NULL: gone */
    size_t item_count;
    size_t item_capacity;
    uint64_t octets;         /* of all contents */
    char **old_ids;          /* given out before exchange_change_ids */
    size_t old_id_count;
    struct sim_log log;

    struct sim_mailbox *archive;    /* NULL: none */
    struct sim_mailbox *archive_of; /* NULL: it is no archive */
    char **opened_to;        /* who may open all of it */
    size_t opened_count;
    struct sim_category *categories; /* the list of them, with colours */
    size_t category_count;
    char *zone;              /* as chosen in the web; NULL: never */
    bool hides_busy;         /* nobody sees when he is busy */
};

struct sim_category {
    char *name;
    int colour;             /* -1: none; 0 to 24 */
};

struct counter {
    char *operation;
    unsigned calls;
};

struct rule {
    struct exchange_fault_rule rule;
    char *operation;
    char *code;
};

/* What is done before a call; calls.c. */
struct interjection {
    const char *operation;
    void (*run)(void *context);
    void *context;
};

struct send_as {
    char *user;
    char *from;
};

/* Notifications; a knob that is 0 is as installed. */
struct notify {
    struct sim_subscription *subscriptions;
    struct sim_stream *streams;
    uint64_t subscribed;    /* counts them */
    unsigned heartbeat;     /* milliseconds, as the next two */
    unsigned minute;
    unsigned delay;
    unsigned silent;
    unsigned stream_limit;
    unsigned subscription_limit;
};

struct exchange {
    enum exchange_version version;
    unsigned number;        /* for the in-memory door's address */
    char url[32];
    pthread_mutex_t mutex;

    struct sim_mailbox **mailboxes;
    size_t mailbox_count;
    struct sim_entry **entries; /* of the directory; directory.h */
    size_t entry_count;
    size_t entry_capacity;
    struct sim_book *book;  /* book.h; NULL: none was ever offered */
    struct send_as *send_as;
    size_t send_as_count;
    struct sim_token *tokens; /* tokens.c */
    size_t token_count;
    uint64_t message_limit;
    uint64_t quota;
    bool unindexed;         /* no content index */
    bool rerender;
    uint64_t renderings;
    uint64_t unique;        /* for Message-IDs and search keys */
    unsigned mails;         /* to somebody: one for each recipient */
    struct notify notify;
    struct sim_mailbox *public_folders;
    struct sim_public *publics; /* the mailboxes that have them */
    size_t public_count;
    bool hidden;            /* no autodiscover */
    const struct sim_mailbox *caller; /* who asks, while he is answered */

    pthread_mutex_t call_mutex; /* guards what follows */
    struct counter *counters;
    size_t counter_count;
    struct rule *rules;
    size_t rule_count;
    struct interjection interjection; /* `run` NULL: none */
    unsigned latency;
    unsigned in_progress;
    unsigned peak;
    struct exchange_policy policy;
    struct load *loads;     /* load.h */
    struct buf anchors;
    unsigned passed_on;     /* calls, guarded as the counters are */

    struct server *server;
};

void exchange_lock(struct exchange *exchange);
void exchange_unlock(struct exchange *exchange);

/* The folder of a mailbox as tests name them, with the exchange locked; NULL
 * (and locked all the same) if there is no such user or folder. */
struct sim_folder *exchange_lock_folder(struct exchange *exchange,
                                        const char *user, const char *path);

/* By address or any login; NULL if there is none.  Addresses are looked up by
 * their whole text only. */
struct sim_mailbox *sim_mailbox_find(struct exchange *exchange,
                                     const char *address);
struct sim_mailbox *sim_mailbox_find_login(struct exchange *exchange,
                                           const char *login);

void tokens_free(struct exchange *exchange);

/* Whether mail for this address would come to a user of ours. */
bool exchange_is_local(struct exchange *exchange, const char *address);
bool exchange_may_send_as(struct exchange *exchange,
                          const struct sim_mailbox *mailbox, const char *from);

/* Adds a mailbox without folders; no password: nobody can log in. */
struct sim_mailbox *sim_mailbox_new(struct exchange *exchange,
                                    const char *address,
                                    const char *display_name,
                                    const char *password, const char *language);
void sim_mailbox_add_default_folders(struct sim_mailbox *mailbox);
void sim_mailbox_add_archive_folders(struct sim_mailbox *mailbox);
struct sim_folder *sim_mailbox_add_root(struct sim_mailbox *mailbox,
                                        const char *use);
void sim_mailbox_free(struct sim_mailbox **mailbox);

/* --- Ids ----------------------------------------------------------------- */

/* Long, opaque, case-sensitive base64, as the real ones are. */
const char *sim_item_id(struct sim_item *item);
const char *sim_folder_id(struct sim_folder *folder);
char *sim_item_change_key(struct arena *arena, const struct sim_item *item);
char *sim_folder_change_key(struct arena *arena,
                            const struct sim_folder *folder);

enum sim_id_kind {
    ID_ITEM = 'I',
    ID_OCCURRENCE = 'O',    /* the master's serial and the day */
    ID_FOLDER = 'F',
    ID_ATTACHMENT = 'A'
};

/* What an id is of, if it was made by any mailbox of this exchange.  `current`
 * tells whether it is one of today's ids. */
struct sim_id_parts {
    enum sim_id_kind kind;
    struct sim_mailbox *mailbox;
    uint64_t serial;
    uint32_t extra;         /* an attachment's number, an occurrence's day */
    bool current;
};

bool sim_id_parse(struct exchange *exchange, const char *id,
                  struct sim_id_parts *parts_out);
char *sim_id_make(struct arena *arena, const struct sim_mailbox *mailbox,
                  enum sim_id_kind kind, uint64_t serial, uint32_t extra);

/* NULL unless it exists now. */
struct sim_item *sim_item_by_id(struct exchange *exchange, const char *id);
struct sim_folder *sim_folder_by_id(struct exchange *exchange, const char *id);
struct sim_folder *sim_folder_by_use(struct sim_mailbox *mailbox,
                                     const char *use);

/* --- Changing folders ---------------------------------------------------- */

/* Every function journals what it does. */
struct sim_folder *sim_folder_add(struct sim_folder *parent, const char *name,
                                  const char *class, const char *use);

/* The same without telling anybody. */
struct sim_folder *sim_folder_new(struct sim_folder *parent, const char *name,
                                  const char *class, const char *use);
struct sim_folder *sim_folder_child(const struct sim_folder *parent,
                                    const char *name);
bool sim_folder_is_within(const struct sim_folder *folder,
                          const struct sim_folder *ancestor);
void sim_folder_set_name(struct sim_folder *folder, const char *name);
void sim_folder_set_parent(struct sim_folder *folder,
                           struct sim_folder *parent);
void sim_folder_touch(struct sim_folder *folder);

/* With everything below. */
void sim_folder_remove(struct sim_folder *folder);

/* Copies a folder with its items and what is below it. */
struct sim_folder *sim_folder_copy(struct sim_folder *folder,
                                   struct sim_folder *parent);

/* By a path, making what is missing. */
struct sim_folder *sim_folder_make(struct sim_mailbox *mailbox,
                                   const char *path);

/* By a path of names below the top; NULL is the inbox. */
struct sim_folder *sim_folder_by_path(struct sim_mailbox *mailbox,
                                      const char *path);

/* --- Changing items ------------------------------------------------------ */

struct sim_item_template {
    struct sim_content *content;  /* referenced, not taken over */
    const char *class;        /* NULL: by content */
    uint32_t flags;
    int64_t received;
    int64_t submitted;
    bool transported;         /* its header becomes 0x007D */
};

struct sim_item *sim_item_add(struct sim_folder *folder,
                              const struct sim_item_template *template);
struct sim_item *sim_item_copy(struct sim_item *item,
                               struct sim_folder *target);

/* The item in its new place; the old one is gone. */
struct sim_item *sim_item_move(struct sim_item *item,
                               struct sim_folder *target);
void sim_item_remove(struct sim_item *item);

enum sim_item_disposal { DISPOSE_SOFT, DISPOSE_TO_TRASH, DISPOSE_HARD };
void sim_item_dispose(struct sim_item *item, enum sim_item_disposal how);

/* To be called after any change of an item but its read flag. */
void sim_item_touch(struct sim_item *item);
void sim_item_set_read(struct sim_item *item, bool read);
void sim_item_set_content(struct sim_item *item, struct sim_content *content);
void sim_item_set_categories(struct sim_item *item,
                             const char *const categories[]);

/* The class that a message has by its content; NULL when there is none unless
 * it is given (a disposition notification). */
const char *sim_item_class_of(const struct sim_content *content);

/* 0x0E08: what the store counts, which is not the number of octets. */
uint32_t sim_item_size(const struct sim_item *item);

/* The octets as read now; they differ from time to time if
 * exchange_set_rerender. */
void sim_item_render(struct sim_item *item, struct buf *out);

/* Finds the conversation that a new item belongs to among those that are there.
 */
void sim_item_converse(struct sim_item *item,
                       const struct sim_mailbox *mailbox);

/* A subject without "Re:" and the like. */
const char *sim_topic(const char *subject);

/* The nth that came; NULL if there are not so many. */
struct sim_item *sim_folder_nth(const struct sim_folder *folder, size_t nth);

/* --- Changes since a state ----------------------------------------------- */

enum sim_change_kind {
    CHANGE_CREATE,
    CHANGE_UPDATE,
    CHANGE_DELETE,
    CHANGE_READ_FLAG
};

struct sim_item_change {
    enum sim_change_kind kind;
    struct sim_item *item;        /* NULL if deleted */
    const char *id;
};

struct sim_folder_change {
    enum sim_change_kind kind;
    struct sim_folder *folder;
};

struct sim_sync_page {
    struct sim_item_change *items;      /* or */
    struct sim_folder_change *folders;
    size_t count;
    const char *state;
    bool last;
};

/* Up to `max` changes since `state` (NULL or "": everything).  False for a
 * state that is not of this folder, or no longer valid. */
bool sim_folder_sync(struct arena *arena, struct sim_folder *folder,
                     const char *state, size_t max,
                     struct sim_sync_page *page_out);
bool sim_tree_sync(struct arena *arena, struct sim_folder *root,
                   const char *state, size_t max,
                   struct sim_sync_page *page_out);

/* --- Receipts ------------------------------------------------------------ */

/* Whether the sender asks to be told when his message is read. */
bool sim_wants_receipt(const struct sim_content *content);

/* Sends the receipt that is pending, or drops it if that is to be suppressed. */
void sim_item_answer_receipt(struct sim_item *item, bool read, bool suppress);

/* --- Sending ------------------------------------------------------------- */

enum sim_submit_result {
    SUBMIT_OK,
    SUBMIT_NO_RECIPIENTS,
    SUBMIT_BAD_RECIPIENTS,
    SUBMIT_DENIED,
    SUBMIT_TOO_BIG,
    SUBMIT_BAD_CONTENT
};

struct sim_submission {
    struct sim_mailbox *sender;
    struct sim_content *content;
    const char *const *to; /* NULL: as the content says; else instead of it */
    const char *const *cc;
    const char *const *bcc;
    struct sim_folder *save_to;   /* NULL: no copy is kept */
    bool delivery_receipt;
    const struct property_bag *bag; /* for the copy; NULL: none */
    const char *class;        /* NULL: by content */
};

/* Sends: everyone here gets it at once, unknown ones here come back as a
 * report, and what goes elsewhere is gone.  `copy_out` is the kept copy, NULL
 * if none. */
enum sim_submit_result sim_submit(const struct sim_submission *submission,
                                  struct sim_item **copy_out);

#endif
