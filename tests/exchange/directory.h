/*
 * directory.h - what the directory says of people, groups and rooms
 *
 * Everybody who has a mailbox here has an entry; so have people elsewhere,
 * rooms and groups.  An entry lives until the exchange is freed.
 */
#ifndef POSTERN_TESTS_EXCHANGE_DIRECTORY_H
#define POSTERN_TESTS_EXCHANGE_DIRECTORY_H

#include "tests/exchange/call.h"

/* What is known of an entry beside its name: an element of a contact and its
 * text. */
struct sim_detail {
    char *element;
    char *text;
};

enum sim_entry_kind {
    ENTRY_USER,    /* a mailbox, here or on another server */
    ENTRY_CONTACT, /* an address elsewhere that the directory lists */
    ENTRY_ROOM,
    ENTRY_GROUP,
    ENTRY_ROOM_LIST /* a group of rooms */
};

struct sim_entry {
    enum sim_entry_kind kind;
    size_t number; /* in the order in which they came */
    char *address; /* the primary one */
    char *alias;
    char *name;
    struct sim_detail *details;
    size_t detail_count;
    char **members; /* of a group: addresses, NULL at the end */
    bool hides_members;
    bool gone;            /* taken out of the directory */
    unsigned char *photo; /* NULL: none */
    size_t photo_len;
    struct sim_entry *manager;
    char *key; /* for anr.h; NULL until it is needed */
};

/* How an entry appears in the address list: by its own name. */
struct sim_entry *sim_entry_add(struct exchange *exchange,
                                enum sim_entry_kind kind, const char *address,
                                const char *name);

/* By its primary address, or by any that it has; NULL: there is none. */
struct sim_entry *sim_entry_find(const struct exchange *exchange,
                                 const char *address);
struct sim_entry *sim_entry_find_any(const struct exchange *exchange,
                                     const char *address);

bool sim_entry_is_group(const struct sim_entry *entry);

/* The kind of mailbox that EWS names: "Mailbox", "PublicDL", "Contact". */
const char *sim_entry_type(const struct sim_entry *entry);

/* See exchange_describe. */
void sim_describe(struct exchange *exchange, struct sim_entry *entry,
                  const char *element, const char *text);

/* What an element says; NULL: nothing.  A person's given name and surname are
 * the first and the last word of his name where nothing else is said. */
const char *sim_detail(const struct sim_entry *entry, const char *element);
const char *sim_given_name(struct arena *arena, const struct sim_entry *entry);
const char *sim_surname(struct arena *arena, const struct sim_entry *entry);

/* The nth of several texts of an element ("ProxyAddress"). */
const char *sim_detail_nth(const struct sim_entry *entry, const char *element,
                           size_t nth);

/* A number that belongs to the entry for ever. */
void sim_entry_guid(const struct sim_entry *entry, unsigned char guid_out[16]);

/* "/o=Postern/ou=.../cn=Recipients/cn=anna" */
const char *sim_entry_dn(struct arena *arena, const struct sim_entry *entry);

/* NULL unless it is a group. */
const struct sim_entry *sim_group_find(const struct exchange *exchange,
                                       const char *address);

/* The addresses that something goes to, each member of a group by himself, NULL
 * at the end. */
const char **sim_expand(struct arena *arena, const struct exchange *exchange,
                        const char *address);

void sim_directory_free(struct exchange *exchange);

/* <t:Contact> of an entry; `all` asks for what 2010 SP2 and later tell. */
void put_entry_contact(struct call *call, const struct sim_entry *entry,
                       bool all);

/* What an address is, as the directory knows it: the content of a Mailbox. */
void put_addressee(struct call *call, const char *name, const char *address,
                   const char *type);
void put_addressee_of(struct call *call, const char *address);

#endif
