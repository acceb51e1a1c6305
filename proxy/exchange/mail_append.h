/*
 * mail_append.h - one message on its way into a folder
 *
 * What mail_append.c shares with those who store several.
 */
#ifndef POSTERN_EXCHANGE_MAIL_APPEND_H
#define POSTERN_EXCHANGE_MAIL_APPEND_H

#include "proxy/exchange/mail_private.h"

struct append {
    struct account *account;
    struct remote *remote;
    struct index_folder folder;
    const struct mail_new *message;
    const char *message_id;
    const char *hash;
    int64_t received;
    int64_t number; /* the claim's, made of the hash */
    bool claimed;

    /* Set by who stores several: only attempts with ids below `before` (0: any)
     * are earlier ones, and a good attempt stays open until all are done. */
    int64_t before;
    bool open;

    /* Set by append_store: whether the message was made, not recognised; and
     * the attempt at it, if there was one. */
    bool made;
    struct index_attempt attempt;
};

enum status append_open(struct op *op, struct account *account, int64_t folder,
                        const struct mail_new *message,
                        struct append *append_out);

/* Waits until nobody else stores the very same. */
enum status append_claim(struct op *op, struct append *append);
void append_release(struct append *append);

/* Stores what was claimed.  `*uid_out` is 0 where it is not known. */
enum status append_store(struct op *op, struct append *append,
                         uint32_t *uid_out);

#endif
