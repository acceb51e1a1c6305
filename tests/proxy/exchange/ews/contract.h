/*
 * contract.h - a mailbox on the simulated Exchange, as the backend shows it
 *
 * backend.h is the contract: the tests that include this hold the backend for
 * Exchange Web Services to it, at each version of Exchange.
 */
#ifndef POSTERN_TESTS_EWS_CONTRACT_H
#define POSTERN_TESTS_EWS_CONTRACT_H

#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define CONTRACT_USER "ann@example.com"

/* The most that one list may have. */
#define CONTRACT_LISTED 3000

/* A message of the user's to Bob, of whom there is a mailbox as well. */
#define CONTRACT_HELLO                                                         \
    "From: Ann <ann@example.com>\r\nTo: bob@example.com\r\n"                   \
    "Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nSubject: Hello\r\n"               \
    "Message-ID: <hello@example.com>\r\nMIME-Version: 1.0\r\n"                 \
    "Content-Type: text/plain; charset=utf-8\r\n\r\nHello \xc3\xa4.\r\n"

/* By enum exchange_version. */
extern const char *const contract_versions[];

struct contract {
    struct exchange *exchange;
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
};

/* Starts a server that takes these logins, and goes no further. */
void contract_begin_with(struct contract *scene, enum exchange_version version,
                         bool tls, unsigned auth);
void contract_log_in(struct contract *scene);

/* Both. */
void contract_begin(struct contract *scene, enum exchange_version version);
void contract_end(struct contract *scene);

/* Adds messages "Message 0", "Message 1" and so on to the inbox; every second
 * one is read. */
void contract_add_many(struct contract *scene, size_t count);

/* --- Lists ---------------------------------------------------------------- */

struct listed {
    struct arena *arena;
    struct remote_item items[CONTRACT_LISTED];
    enum remote_item_change changes[CONTRACT_LISTED];
    size_t count;
    size_t pages;
    char *state;
};

/* What has changed in a folder since `state`; NULL: all that is there. */
enum status contract_list(struct contract *scene, const char *folder,
                          const char *state, struct listed *listed);

/* Adds what a search gives; for the backend to call. */
bool contract_keep_rows(void *context, const struct remote_item *items,
                        size_t count);

struct tree {
    struct arena *arena;
    struct remote_folder folders[200];
    size_t count;
    size_t gone;
    char *state;
};

/* The same of folders. */
enum status contract_tree(struct contract *scene, const char *state,
                          struct tree *tree);

/* The folder with a use, or NULL; and its id, straight from Exchange. */
const struct remote_folder *contract_tree_find(const struct tree *tree,
                                               enum folder_use use);
const char *contract_folder(struct contract *scene, enum folder_use use);

/* --- Reading -------------------------------------------------------------- */

struct content {
    struct arena *arena;
    char *text[200];
    size_t len[200];
    enum status status[200];
    size_t count;
};

/* A part of all that is listed, in that order. */
enum status contract_read(struct contract *scene, const struct listed *listed,
                          enum remote_part part, struct content *content);

#endif
